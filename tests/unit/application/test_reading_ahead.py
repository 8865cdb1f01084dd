"""Reading ahead: the next page lies ready, is the one that would have been read, and hides nothing."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from threading import Event as Flag
from uuid import UUID

import pytest

from application import reading_ahead
from application.ports import StoreUnavailable
from application.publishing import Appended
from application.reading_ahead import ReadingAhead
from tests.support.envelopes import an_event
from tests.support.relaying import MemoryAppended

PLENTY = 10**9
PATIENCE_S = 30.0


class WatchedLog(MemoryAppended):
    """A log that tells what was asked of it, can be made to hesitate or fail, and bears one reader at a time."""

    def __init__(self, count: int) -> None:
        super().__init__([an_event(position) for position in range(1, count + 1)])
        self.asked: list[tuple[int, int]] = []
        self.hesitates_after: int | None = None
        self.hesitating = Flag()
        self.may_go_on = Flag()
        self.lost = False
        self.closed = False

    def page(self, after: int, limit: int, max_bytes: int) -> Sequence[Appended]:
        """Note what is asked."""
        assert not self.closed
        assert not self.hesitating.is_set()
        self.asked.append((after, limit))
        if after == self.hesitates_after:
            self.hesitating.set()
            assert self.may_go_on.wait(PATIENCE_S)
            self.hesitating.clear()
        if self.lost:
            raise StoreUnavailable("gone")
        return super().page(after, limit, max_bytes)

    def log_id(self) -> UUID:
        """Give the identity."""
        assert not self.hesitating.is_set()
        return super().log_id()

    def head(self) -> int:
        """Give the last position."""
        assert not self.hesitating.is_set()
        return super().head()

    def wait(self, timeout_s: float) -> None:
        """Count."""
        assert not self.hesitating.is_set()
        super().wait(timeout_s)

    def close(self) -> None:
        """Note it."""
        assert not self.hesitating.is_set()
        self.closed = True


@pytest.fixture
def log() -> WatchedLog:
    """Five events."""
    return WatchedLog(5)


@pytest.fixture
def ahead(log: WatchedLog) -> Iterator[ReadingAhead]:
    """Reads them ahead."""
    with closing(ReadingAhead(log)) as reading:
        yield reading


def _positions(page: Sequence[Appended]) -> list[int]:
    return [each.position for each in page]


def _first_page(log: WatchedLog, ahead: ReadingAhead) -> None:
    """Take the first two; what follows is read when something else is answered."""
    assert _positions(ahead.page(0, 2, PLENTY)) == [1, 2]
    assert ahead.head() == 5
    assert log.asked == [(0, 2), (2, 2)]


def test_what_follows_a_full_page_is_read_at_once(log: WatchedLog, ahead: ReadingAhead) -> None:
    """Before anybody asks; and only once, unless it ends the log."""
    _first_page(log, ahead)
    assert _positions(ahead.page(2, 2, PLENTY)) == [3, 4]
    assert _positions(ahead.page(4, 2, PLENTY)) == [5]
    assert log.asked == [(0, 2), (2, 2), (4, 2), (4, 2)]


def test_after_the_last_page_nothing_is_read(log: WatchedLog, ahead: ReadingAhead) -> None:
    """A page that is not full is the log's end, for now."""
    assert _positions(ahead.page(2, 100, PLENTY)) == [3, 4, 5]
    ahead.wait(1.0)
    assert (log.asked, log.waits) == ([(2, 100)], 1)


def test_what_was_appended_since_is_not_missed(log: WatchedLog, ahead: ReadingAhead) -> None:
    """A page that ended with the log is no answer to who asks later: neither an empty nor a short one."""
    assert _positions(ahead.page(0, 5, PLENTY)) == [1, 2, 3, 4, 5]
    ahead.head()
    log.events.append(an_event(6))
    assert _positions(ahead.page(5, 5, PLENTY)) == [6]
    assert _positions(ahead.page(2, 2, PLENTY)) == [3, 4]
    ahead.head()
    log.events.append(an_event(7))
    assert _positions(ahead.page(4, 2, PLENTY)) == [5, 6]
    ahead.head()
    log.events.append(an_event(8))
    assert _positions(ahead.page(6, 2, PLENTY)) == [7, 8]


def test_who_asks_for_something_else_gets_it(log: WatchedLog, ahead: ReadingAhead) -> None:
    """Other positions, other sizes: what was read ahead is dropped."""
    _first_page(log, ahead)
    assert _positions(ahead.page(0, 3, PLENTY)) == [1, 2, 3]
    assert _positions(ahead.page(3, 2, 1)) == [4]
    assert _positions(ahead.page(0, 2, PLENTY)) == [1, 2]
    assert _positions(ahead.page(2, 2, 1)) == [3]


def test_what_goes_wrong_is_said_to_who_asks(log: WatchedLog, ahead: ReadingAhead) -> None:
    """Not when it happens, and once; then it is tried again."""
    _first_page(log, ahead)
    log.lost = True
    assert _positions(ahead.page(2, 2, PLENTY)) == [3, 4]
    with pytest.raises(StoreUnavailable):
        ahead.page(4, 2, PLENTY)
    assert log.asked == [(0, 2), (2, 2), (4, 2)]
    log.lost = False
    assert _positions(ahead.page(4, 2, PLENTY)) == [5]


@pytest.mark.parametrize(
    "ask",
    [ReadingAhead.log_id, ReadingAhead.head, lambda ahead: ahead.wait(1.0), lambda ahead: ahead.page(0, 3, PLENTY)],
    ids=["log_id", "head", "wait", "page"],
)
def test_a_log_is_read_by_one_at_a_time(
    ask: Callable[[ReadingAhead], object], log: WatchedLog, ahead: ReadingAhead, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else is asked waits until the page is read."""

    def let_go_on_and_wait(pages: Sequence[Future[object]]) -> object:
        log.may_go_on.set()
        return wait(pages)

    monkeypatch.setattr(reading_ahead, "wait", let_go_on_and_wait)
    log.hesitates_after = 2
    ahead.page(0, 2, PLENTY)
    assert log.hesitating.wait(PATIENCE_S)
    ask(ahead)
    assert log.asked[:2] == [(0, 2), (2, 2)]
    assert not log.hesitating.is_set()


def test_closing_waits_for_the_page_and_closes_the_log(log: WatchedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read from a log that is closed."""
    reading = ReadingAhead(log)
    log.hesitates_after = 2
    reading.page(0, 2, PLENTY)
    assert log.hesitating.wait(PATIENCE_S)
    shut_down = ThreadPoolExecutor.shutdown

    def let_go_on_and_shut_down(executor: ThreadPoolExecutor) -> None:
        log.may_go_on.set()
        shut_down(executor)

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", let_go_on_and_shut_down)
    reading.close()
    assert log.closed
