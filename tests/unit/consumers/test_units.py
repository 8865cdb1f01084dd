"""What is missing is read from the store and what can never be applied is parked, over ports in memory."""

from collections.abc import Sequence

import pytest

from consumers.ports import Progress, Step
from domain.envelope import Envelope
from tests.support.consuming import FakeProjection, chained
from tests.support.runner_world import EVENTS, World


def test_a_gap_is_read_from_the_store() -> None:
    """Messages that the broker lost in the middle are applied from the store, in order."""
    records = chained(EVENTS)
    world = World([records[0], records[3]])
    world.run(2)
    assert world.applied() == [1, 4, 6, 9]
    assert len(world.sources[0].seeks) == 1


def test_a_long_gap_is_left_half_read_when_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of a page; whoever comes next goes on from there."""
    records = chained(EVENTS)
    world = World([records[3]])
    whole = world.published.of_partition
    monkeypatch.setattr(world.published, "of_partition", lambda *asked: whole(*asked)[:1])
    world.run(2)
    assert (world.applied(), world.row().last_position) == ([1], 1)
    world.run(9)
    assert world.applied() == [1, 4, 6, 9]


def test_a_gap_of_one_unit_does_not_double_for_another() -> None:
    """Only the unit that misses something reads it."""
    records = chained(EVENTS)
    world = World([records[3]], [FakeProjection("volumes"), FakeProjection("trade_trail")])
    world.store.rows["volumes", 0] = Progress(0, 6, 1, "topic-1")
    world.run(2)
    assert world.applied("volumes") == [9]
    assert world.applied("trade_trail") == [1, 4, 6, 9]


def test_what_the_store_does_not_list_yet_waits() -> None:
    """A message after a gap that the store cannot fill is left out, and comes when it is overdue."""
    records = chained(EVENTS)
    world = World([records[0], records[3]])
    later, world.published.partitions[0] = world.published.partitions[0], [EVENTS[0], EVENTS[1]]
    world.published.head = lambda: 9  # type: ignore[method-assign]  # appended, but not yet listed as published
    world.run(2)
    assert world.applied() == [1, 4]
    world.published.partitions[0] = later
    world.run(14)
    assert world.applied() == [1, 4, 6, 9]


def test_an_overdue_position_is_read_from_the_store() -> None:
    """The tail that a broker acknowledged and lost arrives though no message ever comes."""
    world = World(chained(EVENTS)[:2])
    world.run(9)
    assert world.applied() == [1, 4]
    world.run(14)
    assert world.applied() == [1, 4, 6, 9]


def test_a_poison_event_parks_its_stream_in_one_unit_only() -> None:
    """The rest goes on; later events of the stream follow it aside."""
    world = World(chained(EVENTS), [FakeProjection("volumes", poison={1}), FakeProjection("trade_trail")])
    world.run(2)
    assert world.applied("volumes") == [4, 9]
    assert world.applied("trade_trail") == [1, 4, 6, 9]
    assert [each[3] for each in world.store.parked] == [1, 6]
    assert world.row().last_position == 9


def test_a_parked_stream_is_known_after_a_restart() -> None:
    """What comes later is parked behind it."""
    world = World(chained(EVENTS))
    world.store.rows["volumes", 0] = Progress(1, 1, 1, "topic-1")
    world.store.parked = [("volumes", 0, "s", 1, "event.unknown_type")]
    world.run(2)
    assert world.applied() == [4, 9]
    assert [each[3] for each in world.store.parked] == [1, 6]


def test_a_retry_replays_the_stream_at_its_positions() -> None:
    """Once the reason is gone, what was parked is applied, and the stream is open again."""
    world = World(chained(EVENTS), [FakeProjection(poison={1})])
    world.run(2)
    world.projections[0].poison.clear()
    world.store.asked = {"s"}
    world.run(4)
    assert world.applied() == [4, 9, 1, 6]
    assert world.store.parked == []
    assert world.row().last_position == 9


def test_a_retry_in_vain_parks_again() -> None:
    """The rest stays parked, behind the event that still cannot be folded, and the flag is gone."""
    world = World(chained(EVENTS), [FakeProjection(poison={6})])
    world.store.rows["volumes", 0] = Progress(4, 9, 1, "topic-1")
    world.store.parked = [("volumes", 0, "s", 1, "x"), ("volumes", 0, "s", 6, "x")]
    world.store.asked = {"s"}
    world.run(4)
    assert world.applied() == [1]
    assert [(each[3], each[4]) for each in world.store.parked] == [(6, "event.unknown_type")]
    assert world.store.asked == set()


def test_a_retry_that_another_process_was_first_with_counts_once() -> None:
    """It leaves the row as it was, so the parked events tell; the latecomer reloads, and goes on."""
    world = World(chained(EVENTS), [FakeProjection(poison={1})])
    world.run(2)
    world.projections[0].poison.clear()
    world.store.asked = {"s"}
    read = world.published.at

    def read_and_be_overtaken(positions: Sequence[int]) -> Sequence[Envelope]:
        if world.store.parked:
            row = world.row()
            retry = Step("volumes", 0, row, row, [EVENTS[0], EVENTS[2]], [], unpark="s")
            assert world.store.commit([retry])
        return read(positions)

    world.published.at = read_and_be_overtaken  # type: ignore[method-assign]  # a second process
    world.run(6)
    assert world.applied() == [4, 9, 1, 6]
    assert world.store.parked == []
