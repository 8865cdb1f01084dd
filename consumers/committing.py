"""Commits in a thread of its own, one batch deep: while the database writes one, the next is polled and folded."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from consumers.ports import Commit, ProjectionStore, Step

Start = Callable[[Commit], "Future[bool]"]


class Fenced(Exception):
    """A compare-and-set failed: another process, or a swap, moved a position row. Nothing was done."""


class Committer:
    """Hands batches to the store, one after another.

    What is in flight may fail. Whoever goes on from it meanwhile learns so from the next call and drops all that it
    has, as after any failure; a later batch can never be committed without the earlier one, because its position
    rows are compared with those that the earlier one sets.

    Args:
        store: the read models and their position rows.
        start: begins a call in another thread.
    """

    def __init__(self, store: ProjectionStore, start: Start) -> None:
        self._store = store
        self._start = start
        self._in_flight: Future[bool] | None = None

    def begin(self, steps: Sequence[Step]) -> None:
        """Fold steps while others are in flight, and commit them after those, without waiting for it.

        Raises:
            Fenced: what was in flight was refused; these steps were not begun.
            StoreUnavailable: whether it was committed is unknown; these steps were not begun.
        """
        commit = self._store.prepare(steps)
        self.settle()
        self._in_flight = self._start(commit)

    def settle(self) -> None:
        """Wait for what is in flight (errors as ``begin``)."""
        in_flight, self._in_flight = self._in_flight, None
        if in_flight is not None and not in_flight.result():
            raise Fenced

    def abandon(self) -> None:
        """Wait for what is in flight, whatever becomes of it: the rows will tell."""
        in_flight, self._in_flight = self._in_flight, None
        if in_flight is not None:
            in_flight.exception()
