"""Becomes a daemon of ours: ends with its parent, and is never root where it must not be.

Run as ``python -P -m infra.embedded.launch [--not-root] PARENT_PID SIGNAL COMMAND...``. A program of its own, because
what it does between fork and exec is not safe in a process with threads.
"""

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
# The kernel shows every owner that a user namespace does not know as this one.
_OVERFLOW_ID = 65534


def main(arguments: list[str]) -> None:
    """Prepare this process, then become the command."""
    not_root = arguments[0] == "--not-root"
    parent, number, *command = arguments[1:] if not_root else arguments
    if not_root and os.geteuid() == 0:
        leave_root()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != int(parent):
        # The parent was gone before it could be watched.
        os.kill(os.getpid(), signal.SIGTERM)
    os.execv(command[0], command)  # noqa: S606 - becoming the given command is what this program is for; no shell


def leave_root() -> None:
    """Be somebody else, who still may read and write what root may.

    PostgreSQL refuses to run as root. No user is added and no folder's permissions are loosened: a clone in
    root's own home, closed to everybody else, will do. What PostgreSQL makes belongs to root where the kernel
    allows user namespaces, otherwise (in most containers) to an account that is there anyway.

    Raises:
        OSError: the kernel allows neither; run as an ordinary user.
    """
    account = _an_ordinary_account()
    if not _enter_namespace(account):
        keep_reach_as(account)


def keep_reach_as(account: pwd.struct_passwd) -> None:
    """Become an account that keeps one right of root's: no folder is closed to it.

    Raises:
        OSError: the kernel does not allow it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    one = 1 << _CAP_DAC_OVERRIDE
    # Effective, permitted and inheritable, of the first 32 capabilities and of the others.
    data = (ctypes.c_uint32 * 6)(one, one, one, 0, 0, 0)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    _done(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    _done(libc.capset(header, data))
    _done(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0))


def _enter_namespace(account: pwd.struct_passwd) -> bool:
    """Be this account inside a user namespace of one's own, and root outside; False where there can be none."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{account.pw_uid} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{account.pw_gid} {group} 1", encoding="ascii")
    return True


def _an_ordinary_account() -> pwd.struct_passwd:
    """Give an account of this machine that is not root's; initdb asks for its own by name."""
    ordinary = [account for account in pwd.getpwall() if account.pw_uid not in (0, _OVERFLOW_ID)]
    return ordinary[0] if ordinary else pwd.getpwuid(_OVERFLOW_ID)


def _done(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"PostgreSQL cannot leave root ({os.strerror(number)}); run as an ordinary user")


if __name__ == "__main__":
    main(sys.argv[1:])
