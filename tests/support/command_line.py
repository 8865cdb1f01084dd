"""`lodestone` as a user runs it: a process on a data directory, with nothing of the test's environment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

PATIENCE_S = 240


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """Read standard output as the one JSON object that it must be."""
        return json.loads(self.out)


def clean_environment() -> dict[str, str]:
    """Give this process's environment without any setting of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LODESTONE_")}


class CommandLine:
    """Runs commands on one data directory.

    Args:
        data_dir: given to every command by its flag.
        environment: settings on top of a clean environment.

    Attributes:
        said: the lines that `up` has printed since it was started.
    """

    def __init__(self, data_dir: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.said: list[bytes] = []
        self._environment = {**clean_environment(), **(environment or {})}

    def start(self, *arguments: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own."""
        return subprocess.Popen(
            self._line(*arguments),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> Ran:
        """Run a command to its end."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE_S)
        return Ran(process.returncode, out, err.decode())

    def ask(self, *arguments: str) -> Any:
        """Run a command with ``--json`` that must succeed; give its answer."""
        ran = self.run(*arguments, "--json")
        assert ran.code == 0, f"{arguments} exited {ran.code}: {ran.err}"
        return ran.json

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """Keep `up` running from its `ready`; stopping it by SIGTERM must exit 0."""
        said = self.said = []
        errors: list[bytes] = []
        with self.start("up") as process:
            readers = [
                Thread(target=_read, args=(process.stdout, said), daemon=True),
                Thread(target=_read, args=(process.stderr, errors), daemon=True),
            ]
            for reader in readers:
                reader.start()
            try:
                _await_ready(process, said, errors)
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                code = process.wait(PATIENCE_S)
                for reader in readers:
                    reader.join(PATIENCE_S)
        assert code == 0

    def _line(self, *arguments: str) -> list[str]:
        line = [sys.executable, "-m", "interfaces.cli.main", *arguments]
        return line if arguments[0] == "generate" else [*line, "--data-dir", str(self.data_dir)]


def _read(pipe: Iterable[bytes], lines: list[bytes]) -> None:
    for line in pipe:
        lines.append(line)  # noqa: PERF402 - each at once: others wait for one of them


def _await_ready(process: subprocess.Popen[bytes], said: list[bytes], errors: list[bytes]) -> None:
    deadline = monotonic() + PATIENCE_S
    while b"ready\n" not in said:
        assert process.poll() is None, b"".join([*said, *errors[-20:]]).decode(errors="replace")
        assert monotonic() < deadline, "`up` is not ready in time"
        sleep(0.05)
