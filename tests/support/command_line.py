"""`lodestone` as a user runs it: a process on a data directory, with nothing of the test's environment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
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
    """

    def __init__(self, data_dir: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
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
        process = self.start("up")
        said: list[bytes] = []
        errors: list[bytes] = []
        assert process.stdout is not None
        assert process.stderr is not None
        reader = Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
        reader.start()
        try:
            for line in process.stdout:
                said.append(line)
                if line.strip() == b"ready":
                    break
            else:
                process.wait(PATIENCE_S)
                raise AssertionError(b"".join([*said, *errors[-20:]]).decode(errors="replace"))
            Thread(target=process.stdout.read, daemon=True).start()
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(PATIENCE_S)
        assert code == 0

    def _line(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "interfaces.cli.main", *arguments, "--data-dir", str(self.data_dir)]
