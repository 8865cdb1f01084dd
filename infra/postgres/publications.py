"""What was published, with the relay's marks and its lock, all on one connection."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Self

import psycopg
from psycopg import Connection

from application.publishing import Advance, Mark
from infra.postgres.connections import connect, translated

# A session lock outlives transactions, which a table lock does not; only our own roles may connect. It keeps
# relays from working twice: what keeps them from working wrongly is the comparison of the marks.
_LOCK = "SELECT pg_try_advisory_lock(hashtext('lodestone.relay'), hashtext(%s))"

_PREVIOUS = """
SELECT number, latest.position FROM generate_series(0, %(partitions)s - 1) AS number
CROSS JOIN LATERAL (
    SELECT p.position FROM lodestone.publications p
    WHERE p.topic = %(topic)s AND p.partition = number::smallint AND p.position <= %(position)s
    ORDER BY p.position DESC LIMIT 1
) latest
"""

_MOVE = """
UPDATE lodestone.relay_marks SET position = %s, topic_id = %s
WHERE topic = %s AND position = %s AND topic_id IS NOT DISTINCT FROM %s
"""

_RECORD = """
INSERT INTO lodestone.publications (topic, partition, position)
SELECT %s, published.partition, published.position FROM unnest(%s::smallint[], %s::bigint[])
    AS published (partition, position)
ON CONFLICT DO NOTHING
"""


_COPY = "COPY lodestone.publications (topic, partition, position) FROM STDIN"
_EVERY = 2**63 - 1


class PostgresPublications:
    """Implements ``Publications``.

    Args:
        connection: of the relay's role; the lock lives and dies with it.
        lock_name: relays with the same name exclude each other (the events topic's name).
        partitions: how many each topic has.
    """

    def __init__(self, connection: Connection, lock_name: str, partitions: int) -> None:
        self._connection = connection
        self._lock_name = lock_name
        self._partitions = partitions
        # Topic -> how far publications may be recorded.
        self._recorded: dict[str, int] = {}

    @classmethod
    def connect(cls, url: str, lock_name: str, partitions: int) -> Self:
        """Open by the relay's URL (errors as ``connections.connect``)."""
        return cls(connect(url), lock_name, partitions)

    def acquire(self) -> bool:
        """Take the lock; False while another relay holds it."""
        with translated():
            row = self._connection.execute(_LOCK, (self._lock_name,)).fetchone()
        return bool(row and row[0])

    def marks(self, topics: Sequence[str]) -> Mapping[str, Mark]:
        """Give the marks, making those that are missing."""
        with translated(), self._connection.transaction():
            self._connection.execute(
                "INSERT INTO lodestone.relay_marks (topic, position) SELECT unnest(%s::text[]), 0"
                " ON CONFLICT DO NOTHING",
                (list(topics),),
            )
            rows = self._connection.execute(
                "SELECT topic, position, topic_id FROM lodestone.relay_marks WHERE topic = ANY(%s)", (list(topics),)
            ).fetchall()
        return {topic: Mark(position, topic_id) for topic, position, topic_id in rows}

    def previous(self, topic: str, position: int) -> Mapping[int, int]:
        """Give by partition the last published position up to ``position``."""
        wanted = {"topic": topic, "position": position, "partitions": self._partitions}
        with translated():
            return dict(self._connection.execute(_PREVIOUS, wanted).fetchall())

    def advance(self, advances: Sequence[Advance]) -> bool:
        """Compare and set marks, and record publications, in one transaction."""
        with translated(), self._connection.transaction() as transaction:
            done = all(self._move(each) for each in advances)
            if not done:
                raise psycopg.Rollback(transaction)
        return done

    def close(self) -> None:
        """Close the connection, and with it give the lock back."""
        with suppress(psycopg.Error):  # it is being thrown away; a broken one needs no goodbye
            self._connection.close()

    def _move(self, advance: Advance) -> bool:
        after, before = advance.after, advance.before
        moved = self._connection.execute(
            _MOVE, (after.position, after.topic_id, advance.topic, before.position, before.topic_id)
        )
        if moved.rowcount == 1 and advance.publications:
            self._record(advance)
        return moved.rowcount == 1

    def _record(self, advance: Advance) -> None:
        """Record publications; beyond what is recorded already, which only a mark that was reset lies behind, by COPY.

        Whoever wrote beyond our mark moved it too, and the comparison of the marks came first.
        """
        topic = advance.topic
        if topic not in self._recorded:
            self._recorded[topic] = max(self.previous(topic, _EVERY).values(), default=0)
        recorded = self._recorded[topic]
        self._recorded[topic] = max(recorded, advance.after.position)
        if advance.before.position < recorded:
            partitions, positions = (list(column) for column in zip(*advance.publications, strict=True))
            self._connection.execute(_RECORD, (topic, partitions, positions))
            return
        with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.write("".join(f"{topic}\t{partition}\t{position}\n" for partition, position in advance.publications))
