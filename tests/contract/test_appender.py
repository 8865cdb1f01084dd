"""What the appender does on every event log: each command is answered for itself, whoever files beside it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from application.appending import GroupCommitAppender
from application.ports import (
    MAX_DATA_BYTES,
    Accepted,
    AlreadyFiled,
    Appender,
    AppenderClosed,
    Conflict,
    EventLog,
    EventTooLarge,
    Outcome,
    Submission,
)
from infra.clock import SystemClock
from infra.memory.event_log import InMemoryEventLog
from infra.postgres.event_log import PostgresEventLog
from tests.support.services import Database
from tests.support.submissions import stream_of, submission

THREADS = 64


@pytest.fixture(params=["memory", "postgres"])
def log(request: pytest.FixtureRequest) -> Iterator[EventLog]:
    """An empty log of each kind."""
    with ExitStack() as opened:
        if request.param == "memory":
            yield InMemoryEventLog(SystemClock())
        else:
            database: Database = request.getfixturevalue("database")
            yield opened.enter_context(PostgresEventLog.connect(database.writer_url))


@pytest.fixture
def appender(log: EventLog) -> Iterator[Appender]:
    """An appender on that log."""
    with GroupCommitAppender(log) as opened:
        yield opened


def test_a_command_gets_its_own_outcome(log: EventLog, appender: Appender) -> None:
    """Accepted, known and refused by a guard, as the log itself answers."""
    command = submission(1)
    assert appender.append(command) == Accepted(1, 1)
    assert appender.append(command) == AlreadyFiled(1, 1)
    assert appender.append(submission(1)) == Conflict(stream_of(1), 0, 1)
    assert appender.append(submission(1, version=1)) == Accepted(2, 2)
    assert log.head() == 2


def test_many_threads_lose_nothing_and_get_positions_of_their_own(log: EventLog, appender: Appender) -> None:
    """Each thread's commands stand where its answers say, in its own order."""

    def file(thread: int) -> list[tuple[str, int]]:
        answered = []
        for number in range(20):
            outcome = appender.append(submission(thread * 100 + number))
            assert isinstance(outcome, Accepted)
            answered.append((stream_of(thread * 100 + number), outcome.first_position))
        return answered

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(file, range(THREADS)))
    assert all(positions == sorted(positions) for positions in ([place for _, place in each] for each in answers))
    told = {stream: place for each in answers for stream, place in each}
    assert told == {event.stream: event.position for event in log.read(0, 10_000)}
    assert len(told) == log.head() == THREADS * 20


def test_of_many_for_one_version_exactly_one_wins(log: EventLog, appender: Appender) -> None:
    """The others are told the version that they met; so for each of five streams."""
    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(appender.append, [submission(number % 5) for number in range(THREADS)]))
    counted = Counter(type(each) for each in outcomes)
    assert counted == {Accepted: 5, Conflict: THREADS - 5}
    assert {each for each in outcomes if isinstance(each, Conflict)} == {
        Conflict(stream_of(number), 0, 1) for number in range(5)
    }
    assert log.head() == 5


def test_one_that_is_too_large_fails_alone(log: EventLog, appender: Appender) -> None:
    """Its neighbours of the same moment go in."""
    names = ["x" * MAX_DATA_BYTES if number == 7 else "Firm" for number in range(20)]

    def file(number: int) -> object:
        try:
            return type(appender.append(submission(number, name=names[number])))
        except EventTooLarge as error:
            return error.code

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(file, range(20)))
    assert outcomes == ["filing.too_large" if number == 7 else Accepted for number in range(20)]
    assert log.head() == 19


def test_one_that_the_log_cannot_take_fails_alone(log: EventLog) -> None:
    """A command whose event has no guard, in the middle of one call with others."""
    if isinstance(log, InMemoryEventLog):
        log = _Strict(SystemClock())
    bad = submission(3)
    object.__setattr__(bad, "guards", {})
    commands = [bad if number == 3 else submission(number) for number in range(8)]
    with GroupCommitAppender(log) as appender:
        answers = [appender.submit(each) for each in commands]
    errors = [answer.exception() for answer in answers]
    assert [error is None for error in errors] == [number != 3 for number in range(8)]
    assert "no guard" in str(errors[3])
    assert log.head() == 7


def test_closed_it_takes_no_more_and_has_answered_all(log: EventLog) -> None:
    """What was handed over before stands."""
    appender = GroupCommitAppender(log)
    answers = [appender.submit(submission(number)) for number in range(300)]
    appender.close()
    assert all(isinstance(answer.result(0), Accepted) for answer in answers)
    for late in (appender.append, appender.submit):
        with pytest.raises(AppenderClosed) as closed:
            late(submission(999))
        assert closed.value.code == "append.closed"
    assert log.head() == 300


class _Strict(InMemoryEventLog):
    """The log in memory, as strict as the database about guards that are missing."""

    def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:
        for each in submissions:
            if any(new.event.stream not in each.guards for new in each.events):
                raise ValueError("no guard for the event's stream")
        return super().append(submissions, timeout_s)
