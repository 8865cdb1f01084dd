"""How commands are collected: at once, in company, bounded, in time, and settled when an answer is lost."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread

import pytest

from application.appending import AppenderLimits, GroupCommitAppender
from application.ports import Accepted, AlreadyFiled, DeadlinePassed, Outcome, StoreUnavailable, Submission
from infra.clock import SystemClock
from infra.memory.event_log import InMemoryEventLog
from tests.support.submissions import submission

SOON, LONG = 0.05, 60.0


class Gate(InMemoryEventLog):
    """A log whose calls wait until they are let through, and that notes how many commands each brought."""

    def __init__(self, *, shut: bool = False) -> None:
        super().__init__(SystemClock())
        self.arrived, self.open = Event(), Event()
        self.sizes: list[int] = []
        self.failures: list[Callable[[], None]] = []
        if not shut:
            self.open.set()

    def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:
        """Append once the gate is open; then fail if that is planned."""
        self.sizes.append(len(submissions))
        self.arrived.set()
        assert self.open.wait(LONG)
        outcomes = super().append(submissions, timeout_s)
        if self.failures:
            self.failures.pop(0)()
        return outcomes


@contextmanager
def blocked(log: Gate, appender: GroupCommitAppender) -> Iterator[None]:
    """Have both calls that may be in flight at once wait at the gate."""
    first = Thread(target=appender.append, args=(submission(900),))
    first.start()
    assert log.arrived.wait(LONG)
    log.arrived.clear()
    second = appender.submit(submission(901))
    assert log.arrived.wait(LONG)
    yield
    log.open.set()
    first.join()
    assert isinstance(second.result(LONG), Accepted)


def test_alone_a_command_is_sent_alone() -> None:
    """It waits for nobody."""
    log = Gate()
    with GroupCommitAppender(log, AppenderLimits(gather_s=LONG)) as appender:
        assert [appender.append(submission(number)) for number in range(3)] == [Accepted(n, n) for n in (1, 2, 3)]
    assert log.sizes == [1, 1, 1]


def test_what_comes_meanwhile_goes_together_up_to_the_limit() -> None:
    """In the order in which it came."""
    log = Gate(shut=True)
    with GroupCommitAppender(log, AppenderLimits(batch=10)) as appender:
        with blocked(log, appender):
            answers = [appender.submit(submission(number)) for number in range(25)]
        places = [answer.result(LONG) for answer in answers]
    assert sorted(log.sizes, reverse=True)[:3] == [10, 10, 5]
    assert all(isinstance(each, Accepted) for each in places)


def test_a_call_has_bounded_bytes() -> None:
    """However many commands wait."""
    log = Gate(shut=True)
    with GroupCommitAppender(log, AppenderLimits(batch_bytes=4000)) as appender:
        with blocked(log, appender):
            answers = [appender.submit(submission(number, name="x" * 1500)) for number in range(6)]
        assert all(isinstance(answer.result(LONG), Accepted) for answer in answers)
    assert max(log.sizes) == 2


def test_a_full_queue_makes_callers_wait() -> None:
    """Whoever has no room in time is told so, and nothing of its command is appended; later there is room."""
    log = Gate(shut=True)
    with GroupCommitAppender(log, AppenderLimits(waiting=2)) as appender:
        with blocked(log, appender):
            held = [appender.submit(submission(number)) for number in range(2)]
            with pytest.raises(DeadlinePassed) as late:
                appender.submit(submission(3), SOON)
            assert late.value.code == "append.deadline_passed"
            assert "nothing of it was appended" in str(late.value)
        assert all(isinstance(each.result(LONG), Accepted) for each in held)
        assert isinstance(appender.append(submission(4)), Accepted)
    assert log.head() == 5


def test_a_deadline_ends_the_wait_in_the_queue() -> None:
    """The command is never sent."""
    log = Gate(shut=True)
    with GroupCommitAppender(log) as appender:
        with blocked(log, appender):
            with pytest.raises(DeadlinePassed) as late:
                appender.append(submission(1), SOON)
            assert "nothing of it was appended" in str(late.value)
        assert isinstance(appender.append(submission(2)), Accepted)
    assert log.head() == 3


def test_a_lost_answer_is_settled_by_asking_again() -> None:
    """What the lost call had filed is accepted; what was known before is already filed."""
    log = Gate()
    known = submission(1)
    with GroupCommitAppender(log) as appender:
        assert appender.append(known) == Accepted(1, 1)
        log.failures = [_lose]
        assert appender.append(replace(submission(1), command_id=known.command_id)) == AlreadyFiled(1, 1)
        log.failures = [_lose, _lose]
        assert appender.append(submission(2)) == Accepted(2, 2)
    assert log.head() == 2


def test_a_store_that_stays_away_ends_in_the_deadline() -> None:
    """The message says that the command may stand."""
    log = Gate()
    log.failures = [_lose] * 1000
    with GroupCommitAppender(log) as appender:
        with pytest.raises(DeadlinePassed) as late:
            appender.append(submission(1), SOON)
        assert "may stand" in str(late.value)


def test_a_failing_call_is_blamed_on_the_command_that_causes_it() -> None:
    """Found by halves: the others are appended, each once."""

    class Picky(Gate):
        def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:
            if any("bad" in str(each.events[0].data) for each in submissions):
                raise ValueError("bad")
            return super().append(submissions, timeout_s)

    log = Picky(shut=True)
    with GroupCommitAppender(log) as appender:
        with blocked(log, appender):
            names = ["bad" if number in {3, 11} else "good" for number in range(20)]
            answers = [appender.submit(submission(number, name=name)) for number, name in enumerate(names)]
        found = [type(answer.exception(LONG)) for answer in answers]
    assert found == [ValueError if name == "bad" else type(None) for name in names]
    assert log.head() == 20


def _lose() -> None:
    raise StoreUnavailable("the answer was lost")
