"""Settling beside a consumer: what fails is tried again, and everything ends when the consumer does."""

from threading import Event as Flag

import pytest

from application.ports import StoreUnavailable
from consumers.settling import BesideSettling, Settler

PATIENCE_S = 30.0


class Script:
    """Steps that go as written down: work, idle or lost; then one that waits until it is cancelled."""

    def __init__(self, *steps: str) -> None:
        self.steps = list(steps)
        self.taken = 0
        self.ended = Flag()
        self.cancelled = Flag()

    def step(self) -> bool:
        """Do the next step."""
        if not self.steps:
            self.ended.set()
            assert self.cancelled.wait(PATIENCE_S)
            raise StoreUnavailable("cancelled")
        self.taken += 1
        step = self.steps.pop(0)
        if step == "lost":
            raise StoreUnavailable("gone")
        return step == "work"

    def cancel(self) -> None:
        """End the step that is running."""
        self.cancelled.set()


class Patience:
    """A flag that notes how long it was waited for, and never waits."""

    def __init__(self, turns: int) -> None:
        self.waits: list[float] = []
        self._turns = turns

    def is_set(self) -> bool:
        """Tell whether there were enough turns."""
        return len(self.waits) >= self._turns

    def wait(self, timeout: float) -> bool:
        """Note it."""
        self.waits.append(timeout)
        return self.is_set()


def test_a_settler_rests_as_long_as_it_works() -> None:
    """So that a backlog never takes the machine; when nothing is due it looks again later."""
    times = iter([0.0, 0.25, 10.0, 12.0, 20.0, 20.1])
    stop = Patience(3)
    Settler(Script("work", "work", "idle"), clock=lambda: next(times)).run(stop)  # type: ignore[arg-type]  # all of a flag that it uses
    assert stop.waits == [0.25, 2.0, 1.0]


def test_what_fails_is_tried_again_later_and_later() -> None:
    """A lost store, a swap under its feet; a success begins anew."""
    stop = Patience(5)
    script = Script("lost", "lost", "work", "lost", "idle")
    Settler(script, clock=lambda: 0.0).run(stop)  # type: ignore[arg-type]  # the same
    assert stop.waits == [0.2, 0.4, 0.0, 0.2, 1.0]
    assert script.taken == 5


class Consumer:
    """Runs until the settler is in the middle of a step."""

    def __init__(self, script: Script, error: Exception | None = None) -> None:
        self._script = script
        self._error = error

    def run(self, stop: Flag) -> None:
        """Wait, then end or fail."""
        assert not stop.is_set()
        assert self._script.ended.wait(PATIENCE_S)
        if self._error:
            raise self._error


@pytest.mark.parametrize("error", [None, LookupError("of the consumer")])
def test_the_settler_ends_with_its_consumer(error: Exception | None) -> None:
    """A step that is running is cancelled; what the consumer raised is raised."""
    script = Script("work")
    both = BesideSettling(Consumer(script, error), script)
    if error is None:
        both.run(Flag())
    else:
        with pytest.raises(LookupError):
            both.run(Flag())
    assert script.cancelled.is_set()
    assert script.taken == 1
