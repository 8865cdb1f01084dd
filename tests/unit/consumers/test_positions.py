"""Duplicates, the next message, and gaps."""

import pytest

from consumers.ports import Message, Progress
from consumers.positions import Positions, take
from tests.support.consuming import a_message, chained
from tests.support.envelopes import an_event

GARBAGE = Message(0, 2, 0, None, None, b"?", "not JSON")
TWO = chained([an_event(3), an_event(7)])
BROKEN = [a_message(an_event(5), 3, 0), a_message(an_event(9), 7, 1)]


def _row(last: int, offset: int = 0) -> Progress:
    return Progress(offset, last, 1, "topic-1")


@pytest.mark.parametrize(
    ("messages", "last", "expected"),
    [
        pytest.param([], 5, ([], 5, 0, None), id="nothing came"),
        pytest.param(TWO, 0, ([3, 7], 7, 2, None), id="the next ones"),
        pytest.param(TWO, 7, ([], 7, 2, None), id="duplicates only"),
        pytest.param(TWO, 3, ([7], 7, 2, None), id="a duplicate and the next"),
        pytest.param([a_message(an_event(9), 7, 4)], 3, ([], 3, 0, 0), id="one is missing"),
        pytest.param(BROKEN, 3, ([5], 5, 1, 1), id="one is missing in between"),
        pytest.param([a_message(an_event(9), 3, 0)], 7, ([9], 9, 1, None), id="previous is older than what is known"),
        pytest.param(TWO * 2, 0, ([3, 7], 7, 2, None), id="a sequence sent again"),
        pytest.param([GARBAGE], 3, ([], 3, 3, None), id="garbage moves the offset alone"),
    ],
)
def test_taking_messages(messages: list[Message], last: int, expected: tuple[list[int], int, int, int | None]) -> None:
    """Each message is dropped, taken, or shows that others are missing: events, last position, offset, gap."""
    taken = take(messages, _row(last))
    positions = [each.position for each in taken.events]
    assert (positions, taken.after.last_position, taken.after.next_offset, taken.gap) == expected


def test_an_offset_never_goes_back() -> None:
    """Reading again from the slowest unit's offset leaves the others' offsets where they are."""
    taken = take(chained([an_event(3)]), _row(3, offset=50))
    assert taken.after.next_offset == 50


def test_reading_on_serves_the_slowest_unit() -> None:
    """Of several units in one partition the lowest offset and position count."""
    positions = Positions({("a", 0): _row(7, 9), ("b", 0): _row(3, 4), ("a", 1): _row(1, 1)})
    assert positions.lowest_offsets([0, 1]) == {0: 4, 1: 1}
    assert positions.lowest_position(0) == 3
    positions.keep_only([1])
    assert positions.partitions() == {1}
