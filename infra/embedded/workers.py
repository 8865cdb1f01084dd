"""The processes that the supervisor keeps running: started again when they die, later each time."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

import structlog

from application.backoff import Backoff
from infra.embedded.processes import Program, start, stop

_log = structlog.get_logger(__name__)

_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 10.0
# A process that has run this long has recovered: its next death is a new one.
_RECOVERED_S = 30.0


@dataclass(slots=True)
class _Worker:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    backoff: Backoff = field(default_factory=lambda: Backoff(_FIRST_DELAY_S, _LONGEST_DELAY_S))
    started_at: float = 0.0
    start_at: float = 0.0


class Workers:
    """Several processes that start and stop together.

    Args:
        programs: in the order in which they start and stop.
        say: tells a person what runs where.
    """

    def __init__(self, programs: Sequence[Program], say: Callable[[str], None]) -> None:
        self._workers = [_Worker(program) for program in programs]
        self._say = say

    def start(self) -> None:
        """Start all of them."""
        for worker in self._workers:
            self._start(worker)

    def stop(self) -> None:
        """Stop all of them; returns when they are gone."""
        for worker in self._workers:
            if worker.process is not None:
                stop(worker.process, worker.program.stop_signal)
                worker.process = None

    def look_after(self) -> None:
        """Note who died, and start again whose time has come."""
        now = monotonic()
        for worker in self._workers:
            if worker.process is None and now >= worker.start_at:
                self._start(worker)
            elif worker.process is not None and worker.process.poll() is not None:
                self._bury(worker, worker.process.returncode, now)

    def _bury(self, worker: _Worker, exit_code: int, now: float) -> None:
        if now - worker.started_at > _RECOVERED_S:
            worker.backoff.reset()
        delay = worker.backoff.next_s()
        _log.warning("a process died", name=worker.program.name, exit_code=exit_code, starts_again_in_s=delay)
        worker.process, worker.start_at = None, now + delay

    def _start(self, worker: _Worker) -> None:
        worker.process = start(worker.program)
        worker.started_at = monotonic()
        self._say(f"{worker.program.name}: process {worker.process.pid}, log {worker.program.log}")
