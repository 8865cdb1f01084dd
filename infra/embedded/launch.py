"""Becomes a daemon of ours: ends with its parent, and is never root where it must not be.

Run as ``python -m infra.embedded.launch [--not-root] PARENT_PID SIGNAL COMMAND...``. A program of its own, because
what it does between fork and exec is not safe in a process with threads.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
# Any id but 0 will do: it exists only inside the process's own user namespace.
_INSIDE_ID = 1000


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
    os.execv(command[0], command)  # noqa: S606 - the command is our own argument


def leave_root() -> None:
    """Be somebody else in a user namespace of one's own.

    PostgreSQL refuses to run as root. Inside the namespace this process has another id, and outside it still owns
    what root owns: no user is added and no folder's permissions are loosened.

    Raises:
        OSError: the kernel allows no user namespace here; run as an ordinary user.
    """
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"no user namespace for PostgreSQL ({os.strerror(number)}); run as an ordinary user")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{_INSIDE_ID} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{_INSIDE_ID} {group} 1", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
