"""How far consumers have come, and a gate that lets them begin at one moment."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from time import monotonic

import psycopg

from bench.measuring.programs import ProgramFailed
from infra.kafka.topics import Topics
from infra.settings import Settings

_PUBLISHED = b"""
SELECT partition, array_agg(position ORDER BY position) FROM lodestone.publications
WHERE topic = %s AND position > %s GROUP BY partition
"""
_WAITING = b"""
SELECT count(DISTINCT pid) FROM pg_locks
WHERE relation = 'lodestone.progress'::regclass AND NOT granted AND database = (
    SELECT oid FROM pg_database WHERE datname = current_database())
"""
_PATIENCE_S = 120.0
_LOOK_S = 0.005
_APPLIED = b"SELECT partition, last_position FROM lodestone.progress WHERE unit = ANY(%s)"


@contextmanager
def gate(settings: Settings) -> Iterator[Callable[[int], None]]:
    """Hold consumers before they read where they stand, so that all begin at one moment.

    Gives what waits until so many consumers stand at the gate, and opens it. They have connected by then, and
    whatever they had polled is dropped when they seek to where they stand.

    Raises:
        ProgramFailed: ``bench.program_failed``: they do not come.
    """
    url = str(settings.admin_database_url)
    with psycopg.connect(url) as holding, psycopg.connect(url, autocommit=True) as looking:
        holding.execute(b"LOCK TABLE lodestone.progress IN ACCESS EXCLUSIVE MODE")

        def open_gate(consumers: int) -> None:
            tick, deadline = Event(), monotonic() + _PATIENCE_S
            while _waiting(looking) < consumers:
                if monotonic() > deadline:
                    raise ProgramFailed("the consumers do not come to read where they stand")
                tick.wait(_LOOK_S)
            holding.rollback()

        yield open_gate


@dataclass(frozen=True, slots=True)
class AppliedEvents:
    """Counts what every one of some units has applied of a topic.

    Attributes:
        connection: in autocommit.
        published: partition -> positions, in order.
        units: each must have applied an event before it counts.
    """

    connection: psycopg.Connection
    published: dict[int, Sequence[int]]
    units: Sequence[str]

    @property
    def total(self) -> int:
        """Give how many there are to apply."""
        return sum(len(positions) for positions in self.published.values())

    def count(self) -> int:
        """Give how many are applied by now."""
        applied: dict[int, list[int]] = {}
        for partition, last_position in self.connection.execute(_APPLIED, (list(self.units),)):
            applied.setdefault(partition, []).append(last_position)
        return sum(
            bisect_right(self.published.get(partition, ()), min(positions))
            for partition, positions in applied.items()
            if len(positions) == len(self.units)
        )


@contextmanager
def applied_events(settings: Settings, units: Sequence[str], after: int = 0) -> Iterator[AppliedEvents]:
    """Look at a store's progress beyond a position."""
    topic = Topics(settings.topic_prefix).events
    with psycopg.connect(str(settings.admin_database_url), autocommit=True) as connection:
        published: dict[int, Sequence[int]] = dict(connection.execute(_PUBLISHED, (topic, after)).fetchall())
        yield AppliedEvents(connection, published, units)


def _waiting(connection: psycopg.Connection) -> int:
    row = connection.execute(_WAITING).fetchone()
    return int(row[0]) if row else 0
