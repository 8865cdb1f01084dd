"""Programs that do the measured work, each in a process of its own that ends with this one."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

from bench.measuring.meter import metered
from bench.measuring.runs import Run, SideFailed, Usage
from infra.embedded.processes import Program, start, stop

# The product's command line, in a process of its own.
LODESTONE = (sys.executable, "-P", "-m", "interfaces.cli.main")
_ROOT = Path(__file__).parents[2]
_LOOK_S = 0.005
_PATIENCE_S = 1_800.0
_STANDSTILL_S = 120.0


class ProgramFailed(SideFailed):
    """A program of the benchmark ended badly, or never. ``bench.program_failed``."""

    code = "bench.program_failed"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where programs run.

    Attributes:
        folder: for their logs.
        environment: of all of them.
        services: processes that work for them: their CPU and memory is told too.
    """

    folder: Path
    environment: Mapping[str, str]
    services: Mapping[str, int]

    def finish(self, name: str, module: str, arguments: Sequence[str], python: Path | None = None) -> "Finished":
        """Run a module of the benchmark to its end; it prints one JSON object as its last line.

        Args:
            name: for people.
            module: to run, such as ``bench.children.polling``.
            arguments: of its command line.
            python: that of another environment, for peers.

        Raises:
            ProgramFailed: ``bench.program_failed``.
        """
        return self.run_to_end(name, [str(python or sys.executable), "-m", module, *arguments])

    def run_to_end(self, name: str, command: Sequence[str], accepted: Collection[int] = (0,)) -> "Finished":
        """Run a command to its end (errors as ``finish``)."""
        with self.running({name: command}) as running, metered({**running.pids, **self.services}) as meter:
            begun = monotonic()
            code = running.wait(name)
            seconds = monotonic() - begun
        said = running.words(name).strip().splitlines()
        if code not in accepted:
            raise ProgramFailed(f"{name} ended with {code}: {' / '.join(said[-5:])}")
        return Finished(said[-1] if said else "", seconds, meter.usage())

    @contextmanager
    def running(
        self, commands: Mapping[str, Sequence[str]], stop_signal: signal.Signals = signal.SIGTERM
    ) -> Iterator["Running"]:
        """Run commands side by side as long as the body lasts; then they get the signal."""
        variables = {**self.environment, "PYTHONPATH": str(_ROOT)}
        processes: dict[str, subprocess.Popen[bytes]] = {}
        logs = {name: self.folder / f"{name.replace(' ', '-')}.log" for name in commands}
        try:
            for name, command in commands.items():
                logs[name].unlink(missing_ok=True)
                processes[name] = start(Program(name, command, variables, logs[name], signal.SIGTERM))
            yield Running(processes, logs)
        finally:
            for process in processes.values():
                stop(process, stop_signal)


@dataclass(frozen=True, slots=True)
class Finished:
    """A program's last line, how long it ran, and what was taken meanwhile."""

    said: str
    seconds: float
    processes: Mapping[str, Usage]

    def run(self) -> Run:
        """Give the rate of the part that the program timed itself."""
        told = json.loads(self.said)
        return Run(told["count"] / told["seconds"], self.processes)


@dataclass(frozen=True, slots=True)
class Running:
    """Programs at work."""

    processes: Mapping[str, subprocess.Popen[bytes]]
    logs: Mapping[str, Path]

    @property
    def pids(self) -> Mapping[str, int]:
        """Give the process of each."""
        return {name: process.pid for name, process in self.processes.items()}

    def wait(self, name: str) -> int:
        """Wait for one to end; give its exit code."""
        return self.processes[name].wait(_PATIENCE_S)

    def words(self, name: str) -> str:
        """Give what one has printed."""
        return self.logs[name].read_text(encoding="utf-8", errors="replace")

    def until_done(self, count: Callable[[], int], total: int, *, whole: bool = False) -> float:
        """Watch a count grow to its total; give the rate.

        Args:
            count: how much is done.
            total: how much there is to do.
            whole: from now on. Otherwise what is done when the first look finds anything is left out, with its time:
                so neither a program's start nor its way into a consumer group counts.

        Raises:
            ProgramFailed: ``bench.program_failed``: one has ended, or all of them stand still.
        """
        tick, first_at, first = Event(), monotonic(), 0
        moved_at, moved = first_at, 0
        while (done := count()) < total:
            now = monotonic()
            if not whole and first == 0 and done > 0:
                first_at, first = now, done
            if done != moved:
                moved_at, moved = now, done
            self._still_alive(now - moved_at)
            tick.wait(_LOOK_S)
        return (total - first) / (monotonic() - first_at)

    def _still_alive(self, quiet_s: float) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None or quiet_s > _STANDSTILL_S:
                how = (
                    f"stands still for {quiet_s:.0f} s"
                    if process.poll() is None
                    else f"ended with {process.returncode}"
                )
                raise ProgramFailed(f"{name} {how}: {' '.join(self.words(name).split())[-500:]}")
