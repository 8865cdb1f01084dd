"""The library's recorder over our table and our append function (its own PostgreSQL recorder is not used)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Notification, StoredEvent, Subscription
from psycopg import Connection, errors
from psycopg_pool import ConnectionPool

from application.ports import EventTooLarge, Ids
from domain.envelope import Actor
from infra.postgres.append_call import APPEND, AppendCall, EventRow
from infra.postgres.connections import UNREACHABLE, translated, unavailable
from infra.postgres.event_call import APPEND_EVENT
from infra.postgres.kept_connection import KeptConnection
from infra.postgres.mapper import VersionedStoredEvent
from infra.postgres.prepared_call import PreparedCall, TextRow
from infra.postgres.subscription import PollingSubscription

TOO_LARGE = "LD002"

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The envelope of events that the library stores by itself, without a command of ours."""

    actor: Actor
    occurred_at: datetime
    ids: Ids


class PostgresRecorder(ApplicationRecorder):
    """Appends by one function call and reads by position or by stream.

    ``provenance`` is what events get that arrive without an envelope; only the library's own test cases send such.
    """

    def __init__(self, pool: ConnectionPool, provenance: Provenance | None = None) -> None:
        super().__init__()
        self._pool = pool
        self._provenance = provenance
        self._kept = KeptConnection(pool)
        self._append = PreparedCall("lodestone_append", APPEND)
        self._append_event = PreparedCall("lodestone_append_event", APPEND_EVENT)

    def append(self, call: AppendCall, timeout_s: float | None = None) -> Sequence[tuple[Any, ...]]:
        """Run the append function; one row a command: outcome, first and last position, or the failed guard.

        Raises:
            StoreUnavailable: ``store.unavailable``; ask again.
            EventTooLarge: ``filing.too_large``.
        """
        return [_answer(row) for row in self._called(self._pool, self._append.run, call.arguments(), timeout_s)]

    def append_event(self, parameters: Sequence[bytes | None], timeout_s: float | None = None) -> int | None:
        """Append one command of one event if nothing stands against it, and give its position (errors as ``append``).

        None: nothing was appended, and ``append`` tells why.
        """
        try:
            position = self._called(self._kept, self._append_event.value, parameters, timeout_s)
        except errors.UniqueViolation:
            return None
        return None if position is None else int(position)

    def close(self) -> None:
        """Give the pool all its connections back."""
        self._kept.close()

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Append events as one command of their own, versions guarded.

        Raises:
            IntegrityError: a version is taken, or does not follow on.
        """
        if not stored_events:
            return None
        if self._provenance is None:
            raise IntegrityError("an event without an envelope is appended through the event log only")
        ids = self._provenance.ids
        call = AppendCall()
        rows = [self._row(each, self._provenance) for each in stored_events]
        call.add((ids.event_id(), ids.event_id(), None), self._provenance.actor, _guards(stored_events), rows)
        outcome, first, last, stream, expected, actual = self.append(call)[0]
        if outcome == "conflict":
            raise IntegrityError(f"{stream} has version {actual}, not {expected}")
        return list(range(first, last + 1))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Give a stream's events by version."""
        statement = (
            "SELECT version, type, data, schema_version FROM lodestone.events WHERE stream = %s"
            " AND (%s::int IS NULL OR version > %s) AND (%s::int IS NULL OR version <= %s)"
            " ORDER BY version * %s LIMIT %s"
        )
        with translated(), self._pool.connection() as connection:
            rows = connection.execute(
                statement, (str(originator_id), gt, gt, lte, lte, -1 if desc else 1, limit)
            ).fetchall()
        return [
            VersionedStoredEvent(str(originator_id), version, kind, data, form) for version, kind, data, form in rows
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Give events by position; gapless and in order, since every append passes through one lock."""
        first = 0 if start is None else start if inclusive_of_start else start + 1
        with translated(), self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT stream, version, type, data, position FROM lodestone.events WHERE position >= %s"
                " AND (%s::bigint IS NULL OR position <= %s) AND (%s::text[] = '{}' OR type = ANY(%s))"
                " ORDER BY position LIMIT %s",
                (first, stop, stop, list(topics), list(topics), limit),
            ).fetchall()
        return [Notification(stream, version, kind, data, id=place) for stream, version, kind, data, place in rows]

    def max_notification_id(self) -> int | None:
        """Give the head of the log, None while it is empty."""
        with translated(), self._pool.connection() as connection:
            row = connection.execute("SELECT max(position) FROM lodestone.events").fetchone()
        return None if row is None else row[0]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Follow the log; a lost notification or connection delays events, it never loses one."""
        return PollingSubscription(recorder=self, pool=self._pool, gt=gt, topics=topics)

    def _called(
        self,
        source: ConnectionPool | KeptConnection,
        call: "Callable[[Connection, Sequence[bytes | None], float | None], Answer]",
        parameters: Sequence[bytes | None],
        timeout_s: float | None,
    ) -> "Answer":
        # What `with` would add, a commit and statistics, costs a single command a tenth of its time.
        try:
            connection = source.getconn()
            try:
                return call(connection, parameters, timeout_s)
            finally:
                source.putconn(connection)
        except UNREACHABLE as error:
            raise unavailable(error) from error
        except errors.Error as error:
            if error.sqlstate == TOO_LARGE:
                raise EventTooLarge(str(error.diag.message_primary)) from error
            raise

    def _row(self, event: StoredEvent, provenance: Provenance) -> EventRow:
        stream = str(event.originator_id)
        form = event.schema_version if isinstance(event, VersionedStoredEvent) else 1
        return EventRow(
            provenance.ids.event_id(), stream, stream, event.topic, form, provenance.occurred_at, event.state
        )


def _answer(row: TextRow) -> tuple[Any, ...]:
    outcome, first, last, stream, expected, actual = row
    return outcome, _number(first), _number(last), stream, _number(expected), _number(actual)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _guards(stored_events: Sequence[StoredEvent]) -> dict[str, int]:
    guards: dict[str, int] = {}
    following: dict[str, int] = {}
    for event in stored_events:
        stream = str(event.originator_id)
        guards.setdefault(stream, event.originator_version - 1)
        if following.get(stream, event.originator_version) != event.originator_version:
            raise IntegrityError(f"version {event.originator_version} of {stream} does not follow on")
        following[stream] = event.originator_version + 1
    return guards
