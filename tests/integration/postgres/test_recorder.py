"""The library's own test cases of recorders, run against ours."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests.persistence import AggregateRecorderTestCase, ApplicationRecorderTestCase
from psycopg_pool import ConnectionPool

from application.ports import MAX_DATA_BYTES, EventTooLarge
from domain.envelope import Actor
from infra.clock import SystemClock, UuidV7Ids
from infra.postgres.append_call import AppendCall, EventRow
from infra.postgres.connections import open_pool
from infra.postgres.recorder import PostgresRecorder, Provenance
from tests.support.services import Database

PROVENANCE = Provenance(Actor("library", "test", ""), datetime(2025, 6, 1, tzinfo=UTC), UuidV7Ids(SystemClock()))


class _OnOurTable:
    """Gives each case a recorder on a database of its own; streams are named by text."""

    pool: ConnectionPool

    @pytest.fixture(autouse=True)
    def _open(self, database: Database) -> Any:
        self.pool = open_pool(database.writer_url, max_size=16)
        yield
        self.pool.close()

    def create_recorder(self) -> PostgresRecorder:
        """Make a recorder that accepts events without an envelope."""
        return recorder(self.pool)

    def new_originator_id(self) -> UUID | str:
        """Name a stream."""
        return str(uuid4())


class StreamsAlone(PostgresRecorder):
    """As a recorder of streams answers: without places in the whole log, and in the library's own form of an event."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        """Append, and keep the positions to itself."""
        super().insert_events(stored_events)

    def select_events(self, originator_id: UUID | str, **limits: Any) -> Sequence[StoredEvent]:
        """Leave out the schema version, which the library does not know."""
        found = super().select_events(originator_id, **limits)
        return [StoredEvent(each.originator_id, each.originator_version, each.topic, each.state) for each in found]


class TestAsAggregateRecorder(_OnOurTable, AggregateRecorderTestCase):
    """What the library expects of a recorder of streams."""

    def create_recorder(self) -> PostgresRecorder:
        """Make one that accepts events without an envelope."""
        return StreamsAlone(self.pool, PROVENANCE)


class TestAsApplicationRecorder(_OnOurTable, ApplicationRecorderTestCase[PostgresRecorder]):
    """What the library expects of a recorder of a whole log, concurrent writers included."""


def recorder(pool: ConnectionPool) -> PostgresRecorder:
    """Make a recorder that gives events without an envelope a fixed one."""
    return PostgresRecorder(pool, PROVENANCE)


@pytest.mark.timeout(120)
def test_a_save_of_20_000_events_does_not_hang(database: Database) -> None:
    """1 kB each, by the library's own way of saving: 20 MB in one call, far beyond any socket's buffer."""
    with open_pool(database.writer_url) as pool:
        saving = recorder(pool)
        stored = [StoredEvent("stream", version, "kind", b"x" * 1000) for version in range(1, 20_001)]
        assert saving.insert_events(stored) == list(range(1, 20_001))
        found = saving.select_events("stream")
        assert [each.originator_version for each in found] == list(range(1, 20_001))
        assert {each.state for each in found} == {b"x" * 1000}


def test_the_database_itself_refuses_what_is_too_large(database: Database) -> None:
    """Whoever calls the function; nothing of the call is kept, and the largest size goes in."""
    with open_pool(database.writer_url) as pool:
        saving = recorder(pool)
        largest = StoredEvent("largest", 1, "kind", b"x" * MAX_DATA_BYTES)
        larger = StoredEvent("larger", 1, "kind", b"x" * (MAX_DATA_BYTES + 1))
        with pytest.raises(EventTooLarge) as refused:
            saving.insert_events([largest, larger])
        assert refused.value.code == "filing.too_large"
        assert saving.max_notification_id() is None
        assert saving.insert_events([largest]) == [1]


def test_an_event_without_an_envelope_is_refused_in_the_product(database: Database) -> None:
    """Only the library's own cases send such."""
    with open_pool(database.writer_url) as pool, pytest.raises(IntegrityError):
        PostgresRecorder(pool).insert_events([StoredEvent("stream", 1, "kind", b"{}")])


def test_a_stream_keeps_the_key_of_its_first_event(database: Database) -> None:
    """Whatever key later events bring: in the command that begins the stream, in the same call and in one after it."""
    actor, at = PROVENANCE.actor, PROVENANCE.occurred_at
    first, later = AppendCall(), AppendCall()
    pool = open_pool(database.writer_url)
    appends = recorder(pool)
    for call, version, keys in ((first, 0, ["key", "a"]), (first, 2, ["b"]), (later, 3, ["c"])):
        rows = [EventRow(uuid4(), "stream", key, "a.happened", 1, at, b"{}") for key in keys]
        call.add((uuid4(), uuid4(), None), actor, {"stream": version}, rows)
    for call in (first, later):
        appends.append(call)
    with pool.connection() as connection:
        kept = connection.execute("SELECT version, key FROM lodestone.events ORDER BY position").fetchall()
    pool.close()
    assert kept == [(1, "key"), (2, "key"), (3, "key"), (4, "key")]
