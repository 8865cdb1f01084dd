"""Rebuilding units: filled together from the store in parallel ranges, then completed, checked and swapped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from math import ceil
from multiprocessing import get_context
from typing import Self

from psycopg import Connection

from infra.postgres.appended_events import read_head
from infra.postgres.connections import connect, translated
from infra.postgres.filling import Filled, FilledUnit, RangeTask, fill_range
from infra.postgres.generations import ensure_generations
from infra.postgres.new_generation import PostgresNewGeneration
from projections.blocks import size_of
from projections.rebuild import CheckedProjection, RebuiltUnit, finish_unit

# Whole blocks of every total's lowest level: ranges that cut one add two lots of rows to it.
_RANGE = size_of(2)
_PROCESSES = 2
_FEW_TURNS = 4

OnProgress = Callable[[str, int, int], None]


class RebuildRunning(Exception):
    """Another rebuild of this unit is at work. ``rebuild.running``."""

    code = "rebuild.running"


def size_of_ranges(head: int, whole: int, processes: int) -> int:
    """Give how many positions a process takes at a time: equal shares where turns are few, so that none idles.

    Args:
        head: the last position of all.
        whole: what a process takes where turns are many.
        processes: how many fill at a time.
    """
    turns = ceil(head / (whole * processes))
    if head <= whole or turns > _FEW_TURNS:
        return whole
    return ceil(head / (turns * processes))


class Rebuilder:
    """Rebuilds units as the projector role: every event is read once for all of them.

    Args:
        url: of the projector.
        connection: by that URL; it holds the locks.
        projections: unit name -> projection.
        partitions: of the events topic.
        processes: how many fill at a time; a log of a single range is filled in this one.
        range_size: positions that a process takes at a time.
    """

    def __init__(  # noqa: PLR0913 - what to rebuild where, and how it is shared out
        self,
        url: str,
        connection: Connection,
        projections: Mapping[str, CheckedProjection],
        partitions: int,
        *,
        processes: int = _PROCESSES,
        range_size: int = _RANGE,
    ) -> None:
        self._url = url
        self._connection = connection
        self._projections = projections
        self._partitions = partitions
        self._processes = processes
        self._range_size = range_size

    @classmethod
    def connect(
        cls,
        url: str,
        projections: Mapping[str, CheckedProjection],
        partitions: int,
        *,
        processes: int = _PROCESSES,
        range_size: int = _RANGE,
    ) -> Self:
        """Open by the projector's URL (errors as ``connections.connect``)."""
        connection = connect(url)
        with translated():
            ensure_generations(connection, projections.values())
        return cls(url, connection, projections, partitions, processes=processes, range_size=range_size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def rebuild(self, units: Sequence[str], on_progress: OnProgress) -> list[tuple[str, int]]:
        """Rebuild units; give each read model's name and how many events its new tables were checked with.

        Args:
            units: names of units.
            on_progress: is told the unit, how many events it has taken in, and how many there are.

        Raises:
            RebuildMismatch: ``rebuild.mismatch``; the unit's old tables stay.
            RebuildRunning: ``rebuild.running``.
        """
        for unit in units:
            self._lock(unit)
        with ExitStack() as opened:
            new = [self._made(unit, opened) for unit in units]
            try:
                self._fill(dict(zip(units, new, strict=True)), on_progress)
            except BaseException:
                for each in new:
                    each.discard()
                raise
            rebuilt = self._finish(units, new)
        return [(model, each.events_checked) for each in rebuilt for model in each.read_models]

    def _made(self, unit: str, opened: ExitStack) -> PostgresNewGeneration:
        connection = opened.enter_context(connect(self._url))
        return PostgresNewGeneration(connection, self._projections[unit], self._partitions)

    def _fill(self, new: Mapping[str, PostgresNewGeneration], on_progress: OnProgress) -> None:
        head = read_head(self._connection)
        generations = {unit: each.generation for unit, each in new.items()}
        size = size_of_ranges(head, self._range_size, self._processes)
        tasks = [
            RangeTask(self._url, generations, after, min(after + size, head), head) for after in range(0, head, size)
        ]
        done = 0
        whole = {unit: FilledUnit() for unit in new}
        for filled in self._filled(tasks):
            done += filled.events
            for unit in new:
                whole[unit].add(filled.units[unit])
                on_progress(unit, done, head)
        for unit, each in new.items():
            each.adopt(head, whole[unit])

    def _filled(self, tasks: Sequence[RangeTask]) -> Iterator[Filled]:
        if len(tasks) <= 1 or self._processes <= 1:
            yield from (fill_range(task, self._projections) for task in tasks)
            return
        with ProcessPoolExecutor(self._processes, mp_context=get_context("spawn")) as pool:
            futures = [pool.submit(fill_range, task) for task in tasks]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _finish(self, units: Sequence[str], new: Sequence[PostgresNewGeneration]) -> list[RebuiltUnit]:
        """Complete, check and swap side by side: it is the server that works, on a connection for each unit."""
        with ThreadPoolExecutor(self._processes) as pool:
            futures = [
                pool.submit(finish_unit, self._projections[unit], each) for unit, each in zip(units, new, strict=True)
            ]
        return [future.result() for future in futures]

    def _lock(self, unit: str) -> None:
        row = self._connection.execute(
            "SELECT pg_try_advisory_lock(hashtext('lodestone.rebuild'), hashtext(%s))", (unit,)
        ).fetchone()
        if not (row and row[0]):
            raise RebuildRunning(f"another rebuild of {unit} is at work")
