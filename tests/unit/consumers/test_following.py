"""Each event is shown once, whatever is lost and sent again."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from application.publishing import BrokerUnavailable
from consumers.following import Follower
from consumers.ports import Message
from tests.support.envelopes import an_event

LOG = UUID(int=1)


def _message(partition: int, position: int) -> Message:
    return Message(partition, 0, 0, LOG, an_event(position), b"", None)


class Script:
    """Feeds that give what is written down: batches of messages, None for a lost broker."""

    def __init__(self, *batches: Sequence[Message] | None) -> None:
        self.batches = list(batches)
        self.shown: list[int] = []
        self.opened = self.closed = 0

    def open(self) -> "Script":
        """Connect."""
        self.opened += 1
        return self

    def poll(self) -> Sequence[Message]:
        """Give the next batch."""
        batch = self.batches.pop(0)
        if batch is None:
            raise BrokerUnavailable("gone")
        return batch

    def close(self) -> None:
        """Count."""
        self.closed += 1

    def show(self, message: Message) -> None:
        """Remember the position."""
        assert message.event is not None
        self.shown.append(message.event.position)

    def follow(self, first: int = 1) -> list[int]:
        """Run to the end of the script."""
        Follower(self.open, self.show, lambda: not self.batches, lambda _: None, first).run()
        return self.shown


def test_a_restart_repeats_nothing() -> None:
    """After a loss everything comes again, and only what is new is shown; every feed is closed."""
    before, after = [_message(0, 2), _message(1, 1)], [_message(0, 2), _message(1, 1), _message(1, 3), _message(0, 4)]
    script = Script(before, None, after)
    assert script.follow() == [2, 1, 3, 4]
    assert (script.opened, script.closed) == (2, 2)


def test_duplicates_and_what_is_not_ours_are_dropped() -> None:
    """A record that is no event is passed over; positions are compared within their own partition."""
    alien = Message(0, 1, 0, None, None, b"?", "malformed")
    assert Script([_message(0, 5), alien, _message(0, 5), _message(0, 4), _message(1, 3)]).follow() == [5, 3]


def test_from_leaves_out_what_is_below() -> None:
    """The position itself is shown."""
    assert Script([_message(0, 1), _message(0, 2)], [_message(0, 3)]).follow(first=2) == [2, 3]


def test_a_broker_out_of_reach_at_the_start_is_told() -> None:
    """Nobody waits for a broker that was never there."""

    def refused() -> Script:
        raise BrokerUnavailable("nothing listens")

    with pytest.raises(BrokerUnavailable):
        Follower(refused, lambda _: None, lambda: False, lambda _: None).run()


def test_a_closed_pipe_closes_the_feed() -> None:
    """What showing raises ends it, and the broker is let go."""
    script = Script([_message(0, 1)])

    def broken(_: Message) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Follower(script.open, broken, lambda: False, lambda _: None).run()
    assert script.closed == 1
