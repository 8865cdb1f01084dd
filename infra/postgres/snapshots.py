"""Answers in one snapshot: what a cut says and what the tables hold were true at the same moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from time import monotonic
from typing import TypeVar

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg_pool import ConnectionPool

from infra.postgres.connections import translated
from infra.postgres.generations import use_generation
from infra.postgres.rows import PostgresRows
from projections.answers import Answer, NotYet, TimeNotCome, Wait
from projections.cut import command_end, cut

T = TypeVar("T")
# How long a reader waits before it looks again; consumers do not announce what they have applied.
_LOOK_AGAIN_S = 0.05
_MAX_SWAPS = 5


# Questions are short: compiling them costs more than running them, and so does sorting a trail on disk.
_FOR_QUESTIONS = "SELECT set_config('jit', 'off', false), set_config('work_mem', '32MB', false)"


def for_questions(connection: Connection) -> None:
    """Prepare a reader's connection: each transaction is one repeatable snapshot, begun in one round trip."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute(_FOR_QUESTIONS)


class SnapshotReader:
    """Asks read models in one snapshot each, waiting for positions.

    Args:
        pool: connections of the reader, each prepared by ``for_questions``.
        topic: the events topic, whose publications bound the cut.
        partitions: how many it has.
    """

    def __init__(self, pool: ConnectionPool, topic: str, partitions: int) -> None:
        self._pool = pool
        self._topic = topic
        self._partitions = partitions
        self._again = Event()

    def answer(
        self, unit: str, wait: Wait, known_at: int | None, ask: Callable[[PostgresRows, int], tuple[T, tuple[str, ...]]]
    ) -> Answer[T]:
        """Ask once the unit's cut has reached what is waited for.

        Args:
            unit: the read-model unit.
            wait: what the answer's position must have reached, and for how long to wait.
            known_at: the position to answer at (rounded down to the end of a command), None for the cut.
            ask: the question, given rows and the answer's position; result and incomplete streams.

        Raises:
            NotYet: ``position.not_yet``.
        """
        wanted = max(wait.min_position, known_at or 0)
        deadline = monotonic() + wait.timeout_s
        while True:
            with self.snapshot(unit) as rows:
                reached = cut(rows, unit, self._topic, self._partitions)
                if reached >= wanted:
                    position = reached if known_at is None else command_end(rows, known_at)
                    result, incomplete = ask(rows, position)
                    return Answer(position=position, incomplete=incomplete, result=result)
            if monotonic() >= deadline:
                raise NotYet(f"the answer's position is {reached}, not yet {wanted}")
            self._again.wait(min(_LOOK_AGAIN_S, max(deadline - monotonic(), 0)))

    @contextmanager
    def snapshot(self, unit: str | None = None) -> Iterator[PostgresRows]:
        """Read in one repeatable snapshot, on the unit's present generation."""
        with translated(), self._pool.connection() as connection, connection.transaction():
            if unit is not None:
                use_generation(connection, unit)
            yield PostgresRows(connection)

    def position_at(self, time: datetime) -> int:
        """Give the last position recorded up to a time.

        Raises:
            TimeNotCome: ``time.in_future``.
        """
        with self.snapshot() as rows:
            found = rows.execute(
                "SELECT clock_timestamp(), (SELECT position FROM lodestone.events WHERE recorded_at <= %s"
                " ORDER BY recorded_at DESC, position DESC LIMIT 1)",
                (time,),
            )[0]
        if time > found[0]:
            raise TimeNotCome(f"{time.isoformat()} lies ahead; what will be known then is not settled")
        return int(found[1] or 0)


def retrying_swaps(ask: Callable[[], T]) -> T:
    """Ask again where a rebuild dropped the tables that an older snapshot named."""
    for _ in range(_MAX_SWAPS):
        try:
            return ask()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            continue
    return ask()
