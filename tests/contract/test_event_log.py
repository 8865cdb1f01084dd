"""What every event log does: the one in memory and the one on PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from application.ports import (
    MAX_DATA_BYTES,
    Accepted,
    AlreadyFiled,
    Conflict,
    EventLog,
    EventTooLarge,
    NewEvent,
    Submission,
)
from domain.client.state import Client
from domain.envelope import Actor, utc_text
from domain.event import Event
from domain.exporter.events import ExporterRegistered, ExporterReinstated, ExporterSuspended
from domain.exporter.state import Exporter
from infra.clock import SystemClock
from infra.memory.event_log import InMemoryEventLog
from infra.postgres.event_log import PostgresEventLog
from tests.support.services import Database

A, B = "9" * 18, "8" * 18
STREAM_A, STREAM_B = f"exporter/{A}", f"exporter/{B}"


@pytest.fixture(params=["memory", "postgres"])
def log(request: pytest.FixtureRequest) -> Iterator[EventLog]:
    """An empty log of each kind."""
    with ExitStack() as opened:
        if request.param == "memory":
            yield InMemoryEventLog(SystemClock())
        else:
            database: Database = request.getfixturevalue("database")
            yield opened.enter_context(PostgresEventLog.connect(database.writer_url))


def _registered(uscc: str, name: str = "Firm") -> Event:
    return ExporterRegistered(uscc=uscc, names=(name,), customs_code=None, region="1")


def _submit(guards: dict[str, int], *events: Event, command_id: UUID | None = None) -> Submission:
    return Submission(
        command_id=command_id or uuid4(),
        actor=Actor("li.wei", "exporter", "Firm"),
        correlation_id=uuid4(),
        causation_id=None,
        guards=guards,
        events=[NewEvent(uuid4(), each, datetime(2025, 6, 1, tzinfo=UTC)) for each in events],
    )


def test_positions_are_gapless_and_versions_count_from_1(log: EventLog) -> None:
    """Over several commands and streams."""
    assert log.head() == 0
    both = _submit({STREAM_A: 0, STREAM_B: 0}, _registered(A), _registered(B))
    more = _submit({STREAM_A: 1}, ExporterSuspended(uscc=A, standing_no=1, reason="r"))
    assert log.append([both, more]) == [Accepted(1, 2), Accepted(3, 3)]
    assert log.head() == 3
    assert [(each.position, each.stream, each.version) for each in log.read(0, 10)] == [
        (1, STREAM_A, 1),
        (2, STREAM_B, 1),
        (3, STREAM_A, 2),
    ]


def test_the_events_of_a_command_share_one_time_that_never_falls(log: EventLog) -> None:
    """Whatever the clock does between commands."""
    for number in range(5):
        uscc = f"{number:018d}"
        log.append([_submit({f"exporter/{uscc}": 0}, _registered(uscc), _registered(uscc))])
    times = [each.recorded_at for each in log.read(0, 100)]
    assert times == sorted(times)
    assert times[0::2] == times[1::2]


def test_a_failed_guard_leaves_the_other_commands_standing(log: EventLog) -> None:
    """Also the guard of a stream that was only read."""
    log.append([_submit({STREAM_A: 0}, _registered(A))])
    stale = _submit({STREAM_A: 0, STREAM_B: 0}, _registered(B))
    good = _submit({STREAM_A: 1, STREAM_B: 0}, _registered(B))
    after = _submit({STREAM_B: 0}, _registered(B))
    assert log.append([stale, good, after]) == [Conflict(STREAM_A, 0, 1), Accepted(2, 2), Conflict(STREAM_B, 0, 1)]
    assert log.head() == 2


def test_a_known_command_is_answered_as_before(log: EventLog) -> None:
    """Whatever its guards say now, in another call or in the same one; nothing is added."""
    command = _submit({STREAM_A: 0}, _registered(A), _registered(A))
    assert log.append([command, command]) == [Accepted(1, 2), AlreadyFiled(1, 2)]
    assert log.append([command]) == [AlreadyFiled(1, 2)]
    assert log.known([command.command_id, uuid4()]) == {command.command_id: AlreadyFiled(1, 2)}
    assert log.head() == 2


def test_a_command_that_comes_alone_is_answered_as_in_company(log: EventLog) -> None:
    """The first guard that does not hold, in their order; where it stands; and where it stood if it was known."""
    suspended = ExporterSuspended(uscc=A, standing_no=1, reason="r")
    command, two = (
        _submit({STREAM_B: 0, STREAM_A: 1}, suspended),
        _submit({STREAM_B: 0}, _registered(B), _registered(B)),
    )
    assert log.append([_submit({STREAM_A: 0}, _registered(A))]) == [Accepted(1, 1)]
    assert log.append([_submit({STREAM_B: 0, STREAM_A: 0}, suspended)]) == [Conflict(STREAM_A, 0, 1)]
    assert log.append([_submit({STREAM_B: 1, STREAM_A: 0}, suspended)]) == [Conflict(STREAM_B, 1, 0)]
    assert log.append([command]) == [Accepted(2, 2)]
    assert log.append([command]) == [AlreadyFiled(2, 2)]
    assert log.append([two]) == [Accepted(3, 4)]
    assert log.append([_submit({}, suspended, command_id=two.command_id)]) == [AlreadyFiled(3, 4)]
    assert [(each.position, each.version) for each in log.read_stream(STREAM_A)] == [(1, 1), (2, 2)]


def test_streams_are_folded_into_their_aggregates(log: EventLog) -> None:
    """Every name asked for is answered; an unknown stream has version 0 and the initial state."""
    suspended = ExporterSuspended(uscc=A, standing_no=1, reason="r")
    log.append([_submit({STREAM_A: 0}, _registered(A), suspended)])
    loaded = log.load([STREAM_A, "client/x/y"])
    state = loaded[STREAM_A].state
    assert isinstance(state, Exporter)
    assert (state.suspended, loaded[STREAM_A].version) == (True, 2)
    assert (loaded["client/x/y"].state, loaded["client/x/y"].version) == (Client(), 0)


def test_an_envelope_keeps_everything_it_was_given(log: EventLog) -> None:
    """Identity, actor, times and data."""
    command = _submit({STREAM_A: 0}, _registered(A, name="磁 \u202e\"'"))
    log.append([command])
    (found,) = log.read(0, 1)
    new = command.events[0]
    assert (found.event_id, found.command_id, found.correlation_id) == (
        str(new.event_id),
        str(command.command_id),
        str(command.correlation_id),
    )
    assert (found.actor, found.occurred_at, found.key) == (command.actor, utc_text(new.occurred_at), STREAM_A)
    assert (found.type, found.schema_version, found.causation_id) == ("exporter.registered", 1, None)
    assert "磁".encode() in found.data


def test_reading_goes_on_from_a_position(log: EventLog) -> None:
    """At most so many, up to a position, in order; and a stream from a version."""
    events = [_registered(A), *(ExporterSuspended(uscc=A, standing_no=n, reason="r") for n in range(1, 9))]
    log.append([_submit({STREAM_A: 0}, *events)])
    assert [each.position for each in log.read(2, 3)] == [3, 4, 5]
    assert [each.position for each in log.read(2, 10, until=4)] == [3, 4]
    assert log.read(9, 10) == []
    assert [each.version for each in log.read_stream(STREAM_A, 7)] == [8, 9]
    assert log.read_stream("sale/unknown/1") == []


def test_an_event_that_is_too_large_refuses_the_whole_call(log: EventLog) -> None:
    """Nothing of it is appended; one of the largest size goes in."""
    frame = len(b'{"customs_code":null,"names":[""],"region":"1","uscc":"","violations":[]}') + 18
    largest = _submit({STREAM_A: 0}, _registered(A, "x" * (MAX_DATA_BYTES - frame)))
    larger = _submit({STREAM_B: 0}, _registered(B, "x" * (MAX_DATA_BYTES - frame + 1)))
    with pytest.raises(EventTooLarge) as refused:
        log.append([largest, larger])
    assert refused.value.code == "filing.too_large"
    assert log.head() == 0
    assert log.append([largest]) == [Accepted(1, 1)]
    assert len(log.read(0, 1)[0].data) == MAX_DATA_BYTES


def test_a_long_stream_is_the_same_whether_folded_or_from_its_snapshot(log: EventLog) -> None:
    """Loaded again and again while it grows."""
    log.append([_submit({STREAM_A: 0}, _registered(A))])
    version = 1
    for number in range(1, 260):
        kind = ExporterSuspended if number % 2 else ExporterReinstated
        log.append([_submit({STREAM_A: version}, kind(uscc=A, standing_no=number, reason=str(number)))])
        version += 1
        if number % 50 == 0 or number > 255:
            log.load([STREAM_A])  # may take a snapshot, of a firm that is reinstated, which the next one begins at
            loaded = log.load([STREAM_A])[STREAM_A]
            assert isinstance(loaded.state, Exporter)
            assert loaded.state.suspended == (kind is ExporterSuspended)
            assert (loaded.state, loaded.version) == (_standing_up_to(number), version)


def _standing_up_to(last: int) -> Exporter:
    state = Exporter().evolve(_registered(A))
    for number in range(1, last + 1):
        kind = ExporterSuspended if number % 2 else ExporterReinstated
        state = state.evolve(kind(uscc=A, standing_no=number, reason=str(number)))
    return state
