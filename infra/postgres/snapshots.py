"""Answers in one snapshot: what a cut says and what the tables hold were true at the same moment."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg_pool import ConnectionPool

from infra.postgres.connections import translated
from infra.postgres.rows import PostgresRows
from projections.answers import Answer, NotYet, TimeNotCome, UnknownStream, Wait
from projections.catalogue import VOLUMES
from projections.cut import command_end, cut_statement
from projections.incomplete import incomplete

T = TypeVar("T")
# How long a reader waits before it looks again; consumers do not announce what they have applied.
_LOOK_AGAIN_S = 0.05
_MAX_SWAPS = 5


# Questions are short: compiling them costs more than running them, and so does sorting a trail on disk. Texts that are
# handed over joined are bytes to the client, whatever encoding its environment asks for.
_FOR_QUESTIONS = """
SELECT set_config('jit', 'off', false), set_config('work_mem', '32MB', false),
    set_config('client_encoding', 'UTF8', false)
"""


def for_questions(connection: Connection) -> None:
    """Prepare a reader's connection: each transaction is one repeatable snapshot, begun in one round trip."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute(_FOR_QUESTIONS)


# One round trip: what unqualified names mean, how statements are planned, how far the unit is, whether any is parked,
# and where the stream begins that is asked about, if one is.
_BEGUN = """
SELECT set_config('search_path', format('%%I', m.unit || '_g' || m.generation), true),
    set_config('plan_cache_mode', %(plans)s, true), set_config('enable_sort', %(sorts)s, true), ({cut}),
    EXISTS (SELECT FROM lodestone.parked p WHERE p.unit = m.unit AND p.generation = m.generation),
    (SELECT e.position FROM lodestone.events e WHERE e.stream = %(stream)s ORDER BY e.version LIMIT 1)
FROM lodestone.read_models m WHERE m.unit = %(unit)s
"""
# PostgreSQL takes the plan of a figure for any positions for dearer than it is, and would plan each question anew.
_PLANS = {VOLUMES: "force_generic_plan"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question needs to know before it is asked.

    Attributes:
        unit: the read-model unit.
        wait: what the answer's position must have reached, and for how long to wait.
        known_at: the position to answer at (rounded down to the end of a command), None for the cut.
        exporters: USCCs of those whose parked streams the answer could miss; None for all.
        stream: the one it is about, None where it is about no stream. One that is recorded but not yet applied is worth
            waiting for; one that is not recorded is unknown at once, unless ``known_at`` lies ahead.
        adds_up: whether nothing that it reads needs an order. PostgreSQL takes the rows of a figure for few, and would
            sort them to find their groups, a third of its time. MUST NOT be said of what needs one: with sorting
            switched off, PostgreSQL prefers whatever does without, such as a walk through a whole index.
    """

    unit: str
    wait: Wait
    known_at: int | None = None
    exporters: Collection[str] | None = None
    stream: str | None = None
    adds_up: bool = False


class _Begun(NamedTuple):
    """What a snapshot knows: the unit's cut, whether it has parked streams, and where the stream asked about begins."""

    reached: int
    any_parked: bool
    first: int | None

    def wanted(self, asked: Asked) -> int:
        """Give the cut that is waited for."""
        return max(asked.wait.min_position, (self.first or 0) if asked.known_at is None else asked.known_at)


def _answered(rows: PostgresRows, asked: Asked, begun: _Begun, ask: Callable[[PostgresRows, int], T]) -> Answer[T]:
    position = begun.reached if asked.known_at is None else command_end(rows, asked.known_at)
    if asked.stream is not None and (begun.first is None or begun.first > position):
        raise UnknownStream(f"nothing is recorded of {asked.stream} up to position {position}")
    missing = incomplete(rows, asked.unit, position, asked.exporters) if begun.any_parked else ()
    return Answer(position=position, incomplete=missing, result=ask(rows, position))


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
        self._begun = _BEGUN.format(cut=cut_statement(partitions))
        self._again = Event()

    def answer(self, asked: Asked, ask: Callable[[PostgresRows, int], T]) -> Answer[T]:
        """Ask once the unit's cut has reached what is waited for.

        Args:
            asked: which unit, of what, and as known when.
            ask: the question, given rows and the answer's position.

        Raises:
            UnknownStream: ``stream.unknown``.
            NotYet: ``position.not_yet``.
        """
        deadline = monotonic() + asked.wait.timeout_s
        while True:
            with self.snapshot() as rows:
                begun = self._begin(rows, asked)
                if begun.reached >= begun.wanted(asked):
                    return _answered(rows, asked, begun, ask)
            if monotonic() >= deadline:
                raise NotYet(f"the answer's position is {begun.reached}, not yet {begun.wanted(asked)}")
            self._again.wait(min(_LOOK_AGAIN_S, max(deadline - monotonic(), 0)))

    @contextmanager
    def snapshot(self) -> Iterator[PostgresRows]:
        """Read in one repeatable snapshot."""
        with translated(), self._pool.connection() as connection, connection.transaction():
            yield PostgresRows(connection)

    def look(self, statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        """Ask one statement, which is a snapshot of its own."""
        with translated(), self._pool.connection() as connection:
            return PostgresRows(connection).execute(statement, parameters)

    def _begin(self, rows: PostgresRows, asked: Asked) -> _Begun:
        """Let unqualified names mean the unit's present tables, and give what this snapshot knows of it.

        Raises:
            UnknownStream: ``stream.unknown``, for a stream that is not recorded, unless it is asked for at a position.
        """
        unit = asked.unit
        planned = {"plans": _PLANS.get(unit, "auto"), "sorts": "off" if asked.adds_up else "on"}
        found = rows.execute(self._begun, {"unit": unit, "topic": self._topic, "stream": asked.stream, **planned})
        if not found:
            raise psycopg.errors.UndefinedTable(f"read model {unit} has no tables yet; start a consumer")
        *_, reached, any_parked, first = found[0]
        if asked.stream is not None and asked.known_at is None and first is None:
            raise UnknownStream(f"nothing is recorded of {asked.stream}")
        return _Begun(reached, any_parked, first)

    def position_at(self, time: datetime) -> int:
        """Give the last position recorded up to a time.

        Raises:
            TimeNotCome: ``time.in_future``.
        """
        found = self.look(
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
