"""A poison event takes its stream aside, and nothing else."""

from consumers.parking import sift
from consumers.ports import FOLLOWS_PARKED
from tests.support.consuming import FakeProjection
from tests.support.envelopes import an_event


def test_a_poison_event_parks_itself_and_all_later_ones_of_its_stream() -> None:
    """Others go on, in order; the reason is kept with its code."""
    events = [an_event(1, "s"), an_event(2, "t"), an_event(3, "s"), an_event(4, "t"), an_event(5, "s")]
    parked: set[str] = set()
    apply, park = sift(events, 4, parked, FakeProjection(poison={3}).check)
    assert [each.position for each in apply] == [1, 2, 4]
    assert [(each.partition, each.position, each.code) for each in park] == [
        (4, 3, "event.unknown_type"),
        (4, 5, FOLLOWS_PARKED),
    ]
    assert parked == {"s"}


def test_a_stream_that_is_parked_already_stays_so() -> None:
    """An event that could be folded follows its stream aside all the same."""
    apply, park = sift([an_event(9, "s"), an_event(10, "t")], 0, {"s"}, FakeProjection().check)
    assert [each.position for each in apply] == [10]
    assert [each.position for each in park] == [9]
