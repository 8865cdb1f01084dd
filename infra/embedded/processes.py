"""Children of this process: started so that they end with it, stopped gently and then for good."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_STOP_WITHIN_S = 20


@dataclass(frozen=True, slots=True)
class Program:
    """What to run.

    Attributes:
        name: for people.
        command: absolute path and arguments.
        environment: all of it.
        log: where standard output and error go.
        stop_signal: what ends it in order.
        not_root: it refuses to be root.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    not_root: bool = False


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start a program as a child that gets its stop signal when this process ends, however it ends.

    Call it from a thread that lives as long as the child should: the kernel watches the thread.
    """
    # -P: what lies in the folder that we were started in is not ours to import.
    flags = ["--not-root"] if program.not_root else []
    launcher = [sys.executable, "-P", "-m", "infra.embedded.launch", *flags, str(os.getpid())]
    with program.log.open("ab") as log:
        # In a session of its own, so that Ctrl-C reaches the supervisor alone and everything stops in order.
        return subprocess.Popen(  # noqa: S603 - servers and children named in this package, no shell
            [*launcher, str(int(program.stop_signal)), *program.command],
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    """End a child in order, or for good if it does not; returns when it is gone."""
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        process.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Give a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Tell whether somebody accepts connections on a port of the loopback interface."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def installed(package: str) -> Path:
    """Find an installed package's folder without importing it (one of them does I/O when imported).

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return Path(spec.origin).parent
