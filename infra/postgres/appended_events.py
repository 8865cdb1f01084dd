"""The log as the relay reads it: pages in order, and waking up when something is appended."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Self
from uuid import UUID

import psycopg
from psycopg import Connection

from application.publishing import Appended
from infra.postgres.connections import connect, translated
from infra.postgres.messages import MESSAGES, appended
from infra.postgres.subscription import CHANNEL


class PostgresAppendedEvents:
    """Implements ``AppendedEvents`` on one connection, which listens for appends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._log_id: UUID | None = None

    @classmethod
    def connect(cls, url: str) -> Self:
        """Open by the relay's URL (errors as ``connections.connect``)."""
        connection = connect(url)
        with translated():
            connection.execute(f"LISTEN {CHANNEL}")
        return cls(connection)

    def log_id(self) -> UUID:
        """Give the identity of the log."""
        return read_log_id(self._connection)

    def head(self) -> int:
        """Give the log's last position."""
        return read_head(self._connection)

    def page(self, after: int, limit: int, max_bytes: int) -> Sequence[Appended]:
        """Give the events after a position as messages, with bounded memory."""
        if self._log_id is None:
            self._log_id = self.log_id()
        wanted = {"after": after, "limit": limit, "max_bytes": max_bytes, "log_id": str(self._log_id)}
        with translated():
            return [appended(row) for row in self._connection.execute(MESSAGES, wanted, binary=True)]

    def wait(self, timeout_s: float) -> None:
        """Return on a notification, or after ``timeout_s``: one can be lost, so the caller looks again anyway."""
        with translated():
            for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
                return

    def close(self) -> None:
        """Close the connection."""
        with suppress(psycopg.Error):  # it is being thrown away; a broken one needs no goodbye
            self._connection.close()


def read_log_id(connection: Connection) -> UUID:
    """Give the identity of the log behind a connection."""
    with translated():
        row = connection.execute("SELECT id FROM lodestone.log").fetchone()
    if row is None:
        raise RuntimeError("the log has no identity; run the migrations")
    identity: UUID = row[0]
    return identity


def read_head(connection: Connection) -> int:
    """Give the last position of the log behind a connection, 0 while it is empty."""
    with translated():
        row = connection.execute("SELECT coalesce(max(position), 0) FROM lodestone.events").fetchone()
    return int(row[0]) if row else 0
