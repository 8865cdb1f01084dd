"""`freshness`: from an accepted command to the figure that holds it, while 200 commands a second come in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from math import ceil
from threading import Event, Thread
from time import monotonic
from typing import Self

from application.appending import GroupCommitAppender
from application.ports import Accepted, Submission
from bench.children.sales import recorded_sales, submissions
from bench.lines import Line, Stage
from bench.measuring.meter import metered
from bench.measuring.programs import LODESTONE
from bench.measuring.runs import Run, Side
from bench.work import Bench
from infra import bootstrap, write_side
from infra.postgres.read_side import ReadSide
from projections.answers import Wait
from projections.volume_ledger.query import VolumeQuery

_PER_SECOND = 200
_CLIENTS = 16
_FIRST_FREE = 20_000_000
_PATIENCE_S = 60.0
_LOOK_S = 0.002
_MS = 1_000.0
_PROGRAMS = {"relay": [*LODESTONE, "relay"], "consumer": [*LODESTONE, "consume", "--member", "consumer"]}
# Cheap to answer, and its cut is the cut of every question to these read models.
_QUESTION = VolumeQuery(measures=("sold",), destinations=("DE",), from_month="2021-06", to_month="2021-06")


class Watcher:
    """Asks for a figure again and again, and notes when its answers reached which position.

    Args:
        reading: the product's read side.
    """

    def __init__(self, reading: ReadSide) -> None:
        self._reading = reading
        self._done = Event()
        self._seen: list[tuple[float, int]] = [(0.0, 0)]
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def position(self) -> int:
        """Give the position of the latest answer."""
        return self._seen[-1][1]

    def visible_at(self, position: int) -> float:
        """Give when the first answer that held a position had come."""
        return next(moment for moment, reached in self._seen if reached >= position)

    def until(self, position: int) -> None:
        """Wait until a position is visible.

        Raises:
            TimeoutError: it does not become visible.
        """
        deadline = monotonic() + _PATIENCE_S
        while self.position < position:
            if monotonic() > deadline:
                raise TimeoutError(f"position {position} does not become visible; the answer is at {self.position}")
            self._done.wait(_LOOK_S)

    def _watch(self) -> None:
        while not self._done.is_set():
            position = self._reading.volumes(_QUESTION, Wait()).position
            if position > self.position:
                self._seen.append((monotonic(), position))
            self._done.wait(_LOOK_S)


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    numbers, count_of_run = count(), int(_PER_SECOND * bench.scale.freshness_s)
    with (
        bench.services.copy_of(bench.logs.few_rebuilt.settings, "fresh") as settings,
        bench.services.workshop(settings).running(_PROGRAMS) as running,
        write_side.appender(settings) as appender,
        bootstrap.read_side(settings) as reading,
        Watcher(reading) as watcher,
    ):

        def run() -> Run:
            first = _FIRST_FREE + next(numbers) * count_of_run
            commands = submissions(recorded_sales(bench.scale.sales, first, count_of_run))
            with metered({**running.pids, **bench.services.pids}) as meter:
                accepted = _file(appender, commands)
                watcher.until(max(position for _, position in accepted))
            delays = sorted(watcher.visible_at(position) - moment for moment, position in accepted)
            return Run(delays[ceil(len(delays) * 0.99) - 1] * _MS, meter.usage())

        watcher.until(bench.logs.few_rebuilt.events)
        yield {"freshness": Side(run)}


def _file(appender: GroupCommitAppender, commands: Sequence[Submission]) -> Sequence[tuple[float, int]]:
    """File at a steady pace, whether or not answers have come; give when each was accepted, and where."""

    def append(command: Submission) -> tuple[float, int]:
        outcome = appender.append(command)
        if not isinstance(outcome, Accepted):
            raise TypeError(f"a command was not accepted: {outcome}")
        return monotonic(), outcome.last_position

    pace, begun = Event(), monotonic()
    with ThreadPoolExecutor(_CLIENTS) as clients:
        answers = []
        for number, command in enumerate(commands):
            pace.wait(max(0.0, begun + number / _PER_SECOND - monotonic()))
            answers.append(clients.submit(append, command))
        return [answer.result() for answer in answers]


STAGE = Stage(
    lines=[Line("freshness", "ms", "freshness", "250 ms", [], 1.0, constant=250.0)],
    sides=_sides,
)
