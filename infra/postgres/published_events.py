"""What was published to a partition, read from the store by the consumers' role."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from psycopg_pool import ConnectionPool

from domain.envelope import Envelope
from infra.postgres.appended_events import read_head, read_log_id
from infra.postgres.connections import open_pool, translated
from infra.postgres.envelopes import envelope
from infra.postgres.pages import PAGE_BYTES, sized_page

_OF_PARTITION = sized_page("""
    SELECT e.* FROM lodestone.publications p JOIN lodestone.events e ON e.position = p.position
    WHERE p.topic = %(topic)s AND p.partition = %(partition)s AND p.position > %(after)s
      AND (%(until)s::bigint IS NULL OR p.position <= %(until)s)
    ORDER BY p.position LIMIT %(limit)s""")

_AT = sized_page("SELECT * FROM lodestone.events WHERE position = ANY(%(positions)s::bigint[]) ORDER BY position")

# recorded_at never decreases with the position: the last event that is old enough bounds all that are.
_OVERDUE = """
SELECT max(p.position) FROM lodestone.publications p
WHERE p.topic = %(topic)s AND p.partition = %(partition)s AND p.position > %(after)s AND p.position <= (
    SELECT e.position FROM lodestone.events e
    WHERE e.recorded_at < clock_timestamp() - make_interval(secs => %(older_than_s)s)
    ORDER BY e.recorded_at DESC, e.position DESC LIMIT 1)
"""


class PostgresPublishedEvents:
    """Implements ``PublishedEvents`` for one topic.

    Args:
        pool: connections of the projector's role; closed with this.
        topic: whose publications.
    """

    def __init__(self, pool: ConnectionPool, topic: str) -> None:
        self._pool = pool
        self._topic = topic

    @classmethod
    def connect(cls, url: str, topic: str) -> Self:
        """Open by the projector's URL (errors as ``connections.connect``)."""
        return cls(open_pool(url, max_size=2), topic)

    def of_partition(self, partition: int, after: int, until: int | None, limit: int) -> Sequence[Envelope]:
        """Give events published to a partition; MAY be fewer than ``limit`` where they are large."""
        return self._events(_OF_PARTITION, partition=partition, after=after, until=until, limit=limit)

    def at(self, positions: Sequence[int]) -> Sequence[Envelope]:
        """Give the events at these positions; one that does not fit into a page's memory is left for the next."""
        return self._events(_AT, positions=list(positions))

    def overdue(self, partition: int, after: int, older_than_s: float) -> int | None:
        """Give the highest published position beyond ``after`` that was recorded longer ago than this."""
        wanted = {"topic": self._topic, "partition": partition, "after": after, "older_than_s": older_than_s}
        with translated(), self._pool.connection() as connection:
            row = connection.execute(_OVERDUE, wanted).fetchone()
        return row[0] if row else None

    def log_id(self) -> UUID:
        """Give the identity of the log."""
        with translated(), self._pool.connection() as connection:
            return read_log_id(connection)

    def head(self) -> int:
        """Give the log's last position."""
        with translated(), self._pool.connection() as connection:
            return read_head(connection)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def _events(self, statement: bytes, **wanted: Any) -> list[Envelope]:
        wanted |= {"topic": self._topic, "max_bytes": PAGE_BYTES}
        with translated(), self._pool.connection() as connection:
            return [envelope(row) for row in connection.execute(statement, wanted, binary=True)]
