"""`lodestone` run by `lodestone`: the demonstration types what a person would type."""

import json
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from interfaces.cli.rendering import print_line

_STOP_WITHIN_S = 60


class CommandFailed(Exception):
    """A command that the demonstration ran did not succeed. ``demo.command_failed``."""

    code = "demo.command_failed"


class Lodestone:
    """The command line on one data directory, in child processes.

    Args:
        data_dir: given to every command that asks services.
        environment: of the children.
    """

    def __init__(self, data_dir: Path, environment: Mapping[str, str]) -> None:
        self._data_dir = data_dir
        self._environment = dict(environment)

    def show(self, *arguments: str) -> None:
        """Run a command and let it print.

        Raises:
            CommandFailed: ``demo.command_failed``.
        """
        self._announce(arguments)
        done = subprocess.run(self._line(arguments), env=self._environment, check=False)  # noqa: S603 - our own command line in a child, no shell
        self._checked(arguments, done.returncode)

    def ask(self, *arguments: str, announce: bool = False) -> dict[str, Any]:
        """Run a command with ``--json`` and give its answer (errors as ``show``)."""
        if announce:
            self._announce(arguments)
        line = self._line([*arguments, "--json"])
        done = subprocess.run(line, env=self._environment, check=False, stdout=subprocess.PIPE)  # noqa: S603 - our own command line in a child, no shell
        self._checked(arguments, done.returncode)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    @contextmanager
    def up(self, log: Path) -> Iterator[None]:
        """Keep `lodestone up` running, from its `ready` until the end; its log goes to a file.

        Raises:
            CommandFailed: ``demo.command_failed``, if it ends before it is ready.
        """
        self._announce(["up"])
        with log.open("wb") as stderr:
            # A session of its own: Ctrl-C reaches us alone, and we stop it in order.
            process = subprocess.Popen(  # noqa: S603 - our own command line in a child, no shell
                self._line(["up"]),
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
        try:
            _await_ready(process, log)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_STOP_WITHIN_S)

    def _line(self, arguments: Sequence[str]) -> list[str]:
        line = [sys.executable, "-m", "interfaces.cli.main", *arguments]
        # `generate` alone needs no services, so it knows no data directory.
        return line if arguments[0] == "generate" else [*line, "--data-dir", str(self._data_dir)]

    def _announce(self, arguments: Sequence[str]) -> None:
        print_line(f"$ lodestone {shlex.join(arguments)}")

    def _checked(self, arguments: Sequence[str], code: int) -> None:
        if code != 0:
            raise CommandFailed(f"`lodestone {' '.join(arguments)}` ended with exit code {code}")


def _await_ready(process: subprocess.Popen[str], log: Path) -> None:
    if process.stdout is None:
        raise RuntimeError("standard output of the child is a pipe")
    for line in process.stdout:
        print_line(f"  {line.rstrip()}")
        if line.strip() == "ready":
            # What it still says is read on, so that it never waits for us.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return
    tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    raise CommandFailed(f"`lodestone up` ended with exit code {process.wait()}: {' / '.join(tail)}")
