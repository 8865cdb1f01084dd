"""The consumer's protocol, fault by fault, over ports in memory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event as Flag

import pytest

from application.publishing import BrokerUnavailable, TopicRefused
from consumers.ports import Message, Progress, Step
from consumers.runner import ConsumerPace, Runner
from domain.envelope import Envelope
from tests.support.consuming import (
    OTHER_LOG_ID,
    FakeProjection,
    MemoryPublished,
    MemorySource,
    MemoryStore,
    a_message,
    chained,
)
from tests.support.envelopes import an_event

EVENTS = [an_event(1, "s"), an_event(4, "t"), an_event(6, "s"), an_event(9, "t")]
QUICK = ConsumerPace(look_around_s=2.0, overdue_s=10.0)
# Every batch is in flight while the next is polled.
OVERLAPPING = replace(QUICK, overlap_records=0)
either_way = pytest.mark.parametrize("pace", [QUICK, OVERLAPPING], ids=["waiting", "overlapping"])


class World:
    """A runner with everything around it; each poll takes a second."""

    def __init__(self, records: Sequence[Message], projections: Sequence[FakeProjection] | None = None) -> None:
        self.published = MemoryPublished({0: EVENTS})
        self.store = MemoryStore()
        self.projections = projections or [FakeProjection()]
        self.sources = [MemorySource({0: records})]
        self.connected: list[MemorySource] = []
        self.now = 0.0
        self.pace = QUICK

    def run(self, polls: int, at: dict[int, Callable[[], None]] | None = None) -> None:
        """Run for so many polls; ``at`` does something before one of them."""
        stop, left = Flag(), [polls]

        def before_poll() -> None:
            self.now += 1.0
            done = polls - left[0]
            left[0] -= 1
            if left[0] <= 0:
                stop.set()
            (at or {}).get(done, lambda: None)()

        def connect() -> MemorySource:
            source = self.sources.pop(0) if len(self.sources) > 1 else self.sources[0]
            source.before_poll = before_poll
            self.connected.append(source)
            return source

        Runner(self.projections, connect, self.store, self.published, pace=self.pace, clock=lambda: self.now).run(stop)

    def applied(self, unit: str = "volumes") -> list[int]:
        """Give the positions that a unit was given, in order."""
        return [each.position for each in self.store.applied.get(unit, [])]

    def row(self, unit: str = "volumes") -> Progress:
        """Give a unit's position row of partition 0."""
        return self.store.rows[unit, 0]


def test_records_of_a_partition_that_is_new_are_dropped_and_read_again_from_the_stored_offset() -> None:
    """The first poll only brings the assignment; the second one reads from where the row says."""
    world = World(chained(EVENTS))
    world.store.rows["volumes", 0] = Progress(2, 4, 1, "topic-1")
    world.run(2)
    assert world.sources[0].seeks == [{0: 2}]
    assert world.applied() == [6, 9]
    assert world.row() == Progress(4, 9, 1, "topic-1")


def test_each_unit_drops_what_it_has() -> None:
    """Units that stand at different places share one poll."""
    world = World(chained(EVENTS), [FakeProjection("volumes"), FakeProjection("trade_trail")])
    world.store.rows["volumes", 0] = Progress(3, 6, 1, "topic-1")
    world.run(2)
    assert world.applied("volumes") == [9]
    assert world.applied("trade_trail") == [1, 4, 6, 9]


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


@either_way
def test_another_processs_commit_is_not_overwritten(pace: ConsumerPace) -> None:
    """Whoever fails the comparison drops its batch and goes on from the rows as they are."""
    world = World(chained(EVENTS))
    world.pace = pace

    def others_commit() -> None:
        world.store.rows["volumes", 0] = Progress(3, 6, 1, "topic-1")

    world.run(5, {1: others_commit})
    assert world.applied() == [9]
    assert world.sources[0].seeks == [{0: 0}, {0: 3}]


@either_way
def test_a_swap_fences_like_another_process(pace: ConsumerPace) -> None:
    """A generation that was raised meanwhile is kept."""
    world = World(chained(EVENTS))
    world.pace = pace
    world.run(5, {1: lambda: world.store.swap("volumes")})
    assert world.applied() == [1, 4, 6, 9]
    assert world.row().generation == 2


@either_way
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_whose_reply_is_lost_counts_once(when: str, pace: ConsumerPace) -> None:
    """Whether or not it was done, the rows tell."""
    world = World(chained(EVENTS))
    world.pace = pace
    world.store.rows["volumes", 0] = Progress(0, 0, 1, "topic-1")
    world.store.failures = [when]
    world.run(5)
    assert world.applied() == [1, 4, 6, 9]


def test_a_topic_made_anew_is_read_from_its_beginning_and_nothing_counts_twice() -> None:
    """The offset starts over, the position stays."""
    world = World(chained(EVENTS))
    anew = MemorySource({0: chained([*EVENTS, an_event(12, "s")])}, topic_id="topic-2")
    world.published.partitions[0].append(an_event(12, "s"))
    old = world.sources[0]
    world.sources.append(anew)
    world.run(8, {3: lambda: setattr(old, "identity", "topic-2")})
    assert old.closed
    assert anew.seeks[0] == {0: 0}
    assert world.applied() == [1, 4, 6, 9, 12]
    assert world.row() == Progress(5, 12, 1, "topic-2")


def test_an_offset_of_another_topic_is_not_trusted_at_the_start() -> None:
    """A topic that was remade while nobody consumed is noticed when the rows are loaded."""
    world = World(chained(EVENTS))
    world.store.rows["volumes", 0] = Progress(40, 4, 1, "topic-0")
    world.run(3)
    assert world.sources[0].seeks == [{0: 0}]
    assert world.applied() == [6, 9]


@pytest.mark.parametrize(
    "record",
    [
        a_message(an_event(1), 0, 0, source=OTHER_LOG_ID),
        a_message(an_event(10), 9, 0),
    ],
    ids=["another log's source", "a position beyond the head"],
)
def test_another_logs_topic_is_refused(record: Message) -> None:
    """Nothing is applied, and the process ends loudly."""
    world = World([record])
    with pytest.raises(TopicRefused) as refusal:
        world.run(3)
    assert refusal.value.code == "kafka.foreign_topic"
    assert world.applied() == []
    assert world.sources[0].closed


def test_a_record_that_is_none_of_ours_is_passed_over() -> None:
    """What it stood for is missing from the chain, and so comes from the store."""
    records = chained(EVENTS)
    records[1] = Message(0, 1, 0, None, None, b"?", "not JSON")
    world = World(records)
    world.run(2)
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


def test_losing_the_broker_is_waited_out() -> None:
    """A new member takes over from the rows."""
    world = World(chained(EVENTS))
    broken = MemorySource({0: chained(EVENTS)})

    def lose() -> None:
        raise BrokerUnavailable("gone")

    world.sources = [broken, world.sources[0]]
    world.run(5, {1: lose})
    assert broken.closed
    assert world.applied() == [1, 4, 6, 9]


def test_a_topic_that_is_not_there_yet_is_waited_for() -> None:
    """No assignment is trusted without the topic's identity."""
    world = World(chained(EVENTS))
    world.sources[0].identity = None
    world.run(3, {1: lambda: setattr(world.sources[0], "identity", "topic-1")})
    assert world.applied() == [1, 4, 6, 9]


def test_a_partition_that_is_taken_away_is_forgotten() -> None:
    """What it delivers afterwards is loaded anew before it is trusted."""
    world = World(chained(EVENTS))
    source = world.sources[0]

    def take_away() -> None:
        source.assigned = set()

    def give_back() -> None:
        source.assigned = {0}
        world.store.rows["volumes", 0] = Progress(4, 9, 1, "topic-1")

    world.run(4, {1: take_away, 2: give_back})
    assert source.seeks == [{0: 0}, {0: 4}]
    assert world.applied() == []


def test_the_group_is_told_how_far_we_are() -> None:
    """For lag tools: the offset of the slowest unit."""
    world = World(chained(EVENTS))
    world.run(4)
    assert world.sources[0].hints[-1] == {0: 4}


def test_batches_in_flight_are_applied_in_order_and_once() -> None:
    """Each is decoded from the rows that hold when the one before it is committed."""
    world = World(chained(EVENTS))
    world.pace = replace(OVERLAPPING, max_records=1)
    world.run(6)
    assert world.applied() == [1, 4, 6, 9]
    assert world.row() == Progress(4, 9, 1, "topic-1")


def test_events_of_a_stream_keep_their_order() -> None:
    """Whatever came when, each stream is applied in order of position."""
    world = World(chained(EVENTS))
    world.run(2)
    by_stream: dict[str, list[Envelope]] = {}
    for each in world.store.applied["volumes"]:
        by_stream.setdefault(each.stream, []).append(each)
    assert [each.position for each in by_stream["s"]] == [1, 6]
