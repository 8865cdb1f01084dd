"""The consumer's protocol, fault by fault, over ports in memory."""

from dataclasses import replace

import pytest

from application.publishing import BrokerUnavailable, TopicRefused
from consumers.ports import Message, Progress
from consumers.runner import ConsumerPace
from domain.envelope import Envelope
from tests.support.consuming import (
    OTHER_LOG_ID,
    FakeProjection,
    MemoryPublished,
    MemorySource,
    a_message,
    chained,
)
from tests.support.envelopes import an_event
from tests.support.runner_world import EVENTS, OVERLAPPING, QUICK, World

either_way = pytest.mark.parametrize("pace", [QUICK, OVERLAPPING], ids=["waiting", "overlapping"])


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


def test_a_partition_that_waits_for_its_turn_is_not_read_from_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """While another has more to bring than polls take, silence says nothing, however long it lasts."""
    many, one = [an_event(number, "s") for number in range(1, 31)], [an_event(31, "t")]
    world = World([], pace=replace(QUICK, max_records=1))
    world.published = MemoryPublished({0: many, 1: one})
    world.sources = [MemorySource({0: chained(many), 1: chained(one, 1)})]
    monkeypatch.setattr(world.published, "of_partition", lambda *_: pytest.fail("the store was read"))
    world.run(33)
    assert world.applied() == [each.position for each in (*many, *one)]


def test_what_is_lost_of_a_partition_is_read_when_the_others_have_caught_up() -> None:
    """Its turn has come then, and nothing came of it for as long as it takes to be overdue."""
    many, lost = [an_event(number, "s") for number in range(1, 31)], [an_event(31, "t")]
    world = World([], pace=replace(QUICK, max_records=1))
    world.published = MemoryPublished({0: many, 1: lost})
    world.sources = [MemorySource({0: chained(many), 1: []})]
    world.run(32)
    assert world.applied() == [each.position for each in many]
    world.run(20)
    assert world.applied() == [each.position for each in (*many, *lost)]
