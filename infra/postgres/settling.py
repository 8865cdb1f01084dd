"""The ``Settling`` port on PostgreSQL."""

from collections.abc import Callable

import psycopg
import structlog
from psycopg import Connection

from application.ports import StoreUnavailable
from infra.postgres.connections import connect, translated
from infra.postgres.generations import use_generation
from infra.postgres.rows import PostgresRows
from projections.cut import cut
from projections.ports import Projection

_log = structlog.get_logger(__name__)
_CANCEL_TIMEOUT_S = 1.0


class PostgresSettling:
    """Settles one unit as the projector, on a connection of its own that is opened again when lost.

    Args:
        url: of the projector.
        projection: the unit.
        topic: the events topic, whose publications bound the cut.
        partitions: how many it has.
    """

    def __init__(self, url: str, projection: Projection, topic: str, partitions: int) -> None:
        self._open: Callable[[], Connection] = lambda: connect(url)
        self._projection = projection
        self._topic = topic
        self._partitions = partitions
        self._connection: Connection | None = None

    def step(self) -> bool:
        """Settle a little up to the unit's cut."""
        try:
            with translated():
                return self._step(self._connected())
        except psycopg.Error as error:
            # A swap that dropped the tables, among others: whatever it was, the next step begins anew.
            raise StoreUnavailable(f"nothing was settled: {error}") from error

    def cancel(self) -> None:
        """End a step that is running."""
        connection = self._connection
        if connection is not None and not connection.closed:
            try:
                connection.cancel_safe(timeout=_CANCEL_TIMEOUT_S)
            except psycopg.Error as error:
                _log.info("a step could not be cancelled; waiting for its end", reason=str(error))

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = self._open()
        return self._connection

    def _step(self, connection: Connection) -> bool:
        unit = self._projection.name
        with connection.transaction():
            use_generation(connection, unit)
            rows = PostgresRows(connection)
            # What the cut promises is committed, so every later statement of this transaction sees it.
            return self._projection.settle(rows, cut(rows, unit, self._topic, self._partitions))
