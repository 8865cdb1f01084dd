"""One batch in flight: what becomes of it is learnt from the next call, and nothing overtakes it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag

import pytest

from application.ports import StoreUnavailable
from consumers.committing import Committer, Fenced
from consumers.ports import Progress, Step
from tests.support.consuming import MemoryStore
from tests.support.envelopes import an_event

ZERO = Progress(0, 0, 1, None)
ONE = Progress(1, 1, 1, None)
TWO = Progress(2, 2, 1, None)


class SlowStore(MemoryStore):
    """Begins a commit only when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_commit = Flag()

    def commit(self, steps: Sequence[Step]) -> bool:
        """Wait, then commit."""
        assert self.may_commit.wait(60)
        return super().commit(steps)


@pytest.fixture
def store() -> SlowStore:
    """A store with one row at zero."""
    made = SlowStore()
    made.progress(["volumes"], [0])
    return made


@pytest.fixture
def committer(store: SlowStore) -> Iterator[Committer]:
    """A committer on it, with a thread."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield Committer(store, thread.submit)
        store.may_commit.set()


def _step(before: Progress, after: Progress) -> Step:
    return Step("volumes", 0, before, after, [an_event(after.last_position)], ())


def test_a_batch_is_begun_without_waiting(committer: Committer, store: SlowStore) -> None:
    """And is done when it is settled."""
    committer.begin([_step(ZERO, ONE)])
    assert store.rows["volumes", 0] == ZERO
    store.may_commit.set()
    committer.settle()
    assert store.rows["volumes", 0] == ONE


def test_the_next_batch_follows_the_first(committer: Committer, store: SlowStore) -> None:
    """In order, from the row that the first one sets."""
    store.may_commit.set()
    committer.begin([_step(ZERO, ONE)])
    committer.begin([_step(ONE, TWO)])
    committer.settle()
    assert [each.position for each in store.applied["volumes"]] == [1, 2]


def test_a_refusal_is_told_before_anything_follows_it(committer: Committer, store: SlowStore) -> None:
    """The next batch is not begun, and once told the refusal is over."""
    store.may_commit.set()
    committer.begin([_step(ONE, TWO)])
    with pytest.raises(Fenced):
        committer.begin([_step(ZERO, ONE)])
    committer.settle()
    assert store.rows["volumes", 0] == ZERO


def test_a_loss_is_told_once(committer: Committer, store: SlowStore) -> None:
    """As it was raised in the other thread."""
    store.failures = ["after"]
    store.may_commit.set()
    committer.begin([_step(ZERO, ONE)])
    with pytest.raises(StoreUnavailable):
        committer.settle()
    committer.settle()


def test_what_is_abandoned_is_waited_for(committer: Committer, store: SlowStore) -> None:
    """However it ends: afterwards the rows can be read."""
    store.failures = ["after"]
    store.may_commit.set()
    committer.begin([_step(ZERO, ONE)])
    committer.abandon()
    assert store.rows["volumes", 0] == ONE
    committer.settle()
