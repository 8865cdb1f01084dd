"""The ``EventLog`` port on PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from time import monotonic
from typing import Any, Self
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.encoding import data_of
from application.ports import (
    Accepted,
    AlreadyFiled,
    Conflict,
    Loaded,
    NewEvent,
    Outcome,
    Submission,
)
from domain.envelope import Envelope
from infra.postgres.append_call import AppendCall, EventRow
from infra.postgres.connections import open_pool, translated
from infra.postgres.envelopes import ENVELOPE_COLUMNS, envelope
from infra.postgres.event_call import parameters_of
from infra.postgres.mapper import RegistryMapper
from infra.postgres.recorder import PostgresRecorder
from infra.postgres.stream_loading import load_streams


class PostgresEventLog:
    """Appends and reads as the writer role; safe to share between threads.

    Args:
        pool: connections of the writer; closed with the log.
        snapshot_every: a stream that had to fold this many events when loaded gets a snapshot.
    """

    def __init__(self, pool: ConnectionPool, *, snapshot_every: int = 100) -> None:
        self._pool = pool
        self._recorder = PostgresRecorder(pool)
        self._mapper = RegistryMapper()
        self._snapshot_every = snapshot_every

    @classmethod
    def connect(cls, url: str) -> Self:
        """Open a log by the writer's URL.

        Raises:
            StoreUnavailable: ``store.unavailable``.
            PrivilegedRole: ``store.privileged_role``.
        """
        return cls(open_pool(url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._recorder.close()
        self._pool.close()

    def log_id(self) -> UUID:
        """Give the identity of this log."""
        identity: UUID = self._rows("SELECT id FROM lodestone.log")[0][0]
        return identity

    def head(self) -> int:
        """Give the last position, 0 while the log is empty."""
        return self._recorder.max_notification_id() or 0

    def load(self, streams: Collection[str]) -> Mapping[str, Loaded]:
        """Fold streams, all read by one statement; long ones begin at their snapshot."""
        with translated(), self._pool.connection() as connection:
            return load_streams(connection, self._mapper, streams, self._snapshot_every)

    def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:
        """Append by one call of the database's function; see the port for what is guaranteed."""
        if not submissions:
            return []
        if len(submissions) == 1 and len(submissions[0].events) == 1:
            return [self._append_alone(submissions[0], timeout_s)]
        return self._append_all(submissions, timeout_s)

    def _append_alone(self, submission: Submission, timeout_s: float | None) -> Outcome:
        begun = monotonic()
        position = self._recorder.append_event(parameters_of(submission), timeout_s)
        if position is not None:
            return Accepted(position, position)
        left_s = None if timeout_s is None else max(timeout_s - (monotonic() - begun), 0.0)
        return self._append_all([submission], left_s)[0]

    def _append_all(self, submissions: Sequence[Submission], timeout_s: float | None) -> Sequence[Outcome]:
        call = AppendCall()
        for each in submissions:
            identity = (each.command_id, each.correlation_id, each.causation_id)
            call.add(identity, each.actor, each.guards, [self._row(event) for event in each.events])
        return [_outcome(row) for row in self._recorder.append(call, timeout_s)]

    def known(self, command_ids: Collection[UUID]) -> Mapping[UUID, AlreadyFiled]:
        """Give those of the commands that were accepted before."""
        rows = self._rows(
            "SELECT command_id, first_position, last_position FROM lodestone.commands WHERE command_id = ANY(%s)",
            list(command_ids),
        )
        return {command_id: AlreadyFiled(first, last) for command_id, first, last in rows}

    def read(self, after: int, limit: int, until: int | None = None) -> Sequence[Envelope]:
        """Give at most ``limit`` events with ``after < position <= until``."""
        rows = self._rows(
            f"SELECT {ENVELOPE_COLUMNS} FROM lodestone.events WHERE position > %s"  # noqa: S608 - only constants of ours are put in; values are bound
            " AND (%s::bigint IS NULL OR position <= %s) ORDER BY position LIMIT %s",
            after,
            until,
            until,
            limit,
        )
        return [envelope(row) for row in rows]

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Envelope]:
        """Give the events of one stream beyond a version."""
        rows = self._rows(
            f"SELECT {ENVELOPE_COLUMNS} FROM lodestone.events"  # noqa: S608 - only constants of ours are put in; values are bound
            " WHERE stream = %s AND version > %s ORDER BY version",
            stream,
            after_version,
        )
        return [envelope(row) for row in rows]

    def _rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with translated(), self._pool.connection() as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    @staticmethod
    def _row(new: NewEvent) -> EventRow:
        event = new.event
        return EventRow(
            event_id=new.event_id,
            stream=event.stream,
            key=event.key,
            type=event.type,
            schema_version=event.schema_version,
            occurred_at=new.occurred_at,
            data=data_of(new),
        )


def _outcome(row: tuple[Any, ...]) -> Outcome:
    outcome, first, last, stream, expected, actual = row
    if outcome == "accepted":
        return Accepted(first, last)
    if outcome == "known":
        return AlreadyFiled(first, last)
    return Conflict(stream, expected, actual)
