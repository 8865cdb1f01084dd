"""How much a poll asks for follows what came before."""

from consumers.appetite import Appetite
from consumers.ports import Message
from tests.support.consuming import LOG_ID


def _messages(count: int, size: int) -> list[Message]:
    return [Message(0, n, 0, LOG_ID, None, b"x" * size, None) for n in range(count)]


def test_it_grows_while_polls_come_back_full() -> None:
    """Up to what is allowed."""
    appetite = Appetite(3_000, 10**9)
    asked = [appetite.records]
    for _ in range(3):
        appetite.saw(_messages(appetite.records, 10))
        asked.append(appetite.records)
    assert asked == [1_000, 2_000, 3_000, 3_000]


def test_it_stays_while_a_poll_brings_less() -> None:
    """A consumer that keeps up asks for no more than it did."""
    appetite = Appetite(3_000, 10**9)
    appetite.saw(_messages(999, 10))
    appetite.saw([])
    assert appetite.records == 1_000


def test_large_events_make_it_small_and_small_ones_large_again() -> None:
    """So many that they fit into the bytes that are allowed, and always one."""
    appetite = Appetite(3_000, 100_000)
    appetite.saw(_messages(5, 9_999))
    assert appetite.records == 10
    appetite.saw(_messages(1, 500_000))
    assert appetite.records == 1
    appetite.saw(_messages(1, 10))
    assert appetite.records == 2


def test_it_never_asks_for_more_than_is_allowed() -> None:
    """Also at the start."""
    assert Appetite(7, 10**9).records == 7
