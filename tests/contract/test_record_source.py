"""What every source of records promises to the consumer's loop: the Kafka one, and the one that unit tests use."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from uuid import UUID

import pytest

from application.publishing import Outgoing
from consumers.ports import Message, RecordSource
from infra.kafka.connection import patient
from infra.kafka.publisher import KafkaPublisher
from infra.kafka.record_source import KafkaRecordSource
from infra.kafka.topics import Topics
from tests.support.consuming import LOG_ID, MemorySource, chained
from tests.support.envelopes import an_event
from tests.support.messages import appended, publish

pytestmark = pytest.mark.kafka

PARTITIONS = 12
FILLED = (2, 5)
SESSION_MS = 6_000

Placed = dict[int, list[int]]


def _placed() -> Placed:
    """Give the positions that lie in each partition."""
    return {2: [1, 4, 5, 9], 5: [2, 3, 8]}


@contextmanager
def _in_memory(placed: Placed) -> Iterator[RecordSource]:
    records: dict[int, Sequence[Message]] = {number: [] for number in range(PARTITIONS)}
    for number, positions in placed.items():
        records[number] = chained([an_event(position) for position in positions], number)
    with closing(MemorySource(records)) as source:
        yield source


@pytest.fixture(params=["memory", "kafka"])
def source(request: pytest.FixtureRequest, topic_prefix: str) -> Iterator[RecordSource]:
    """A source of the placed records, before its first poll."""
    if request.param == "memory":
        with _in_memory(_placed()) as made:
            yield made
        return
    options, topic = patient(request.getfixturevalue("kafka_bootstrap"), {}), Topics(topic_prefix).events
    with closing(KafkaPublisher(options)) as publisher:
        publisher.topic_ids([topic])
        for number, positions in _placed().items():
            previous = [0, *positions]
            messages = [
                Outgoing(topic, number, previous[n], appended(an_event(each))) for n, each in enumerate(positions)
            ]
            publish(publisher, messages)
    with closing(KafkaRecordSource(options, topic, f"{topic_prefix}group", "member", SESSION_MS)) as joined:
        yield joined


def _read(source: RecordSource, until: Callable[[list[Message]], bool]) -> list[Message]:
    """Poll until it is enough; the test's own timeout ends it."""
    found: list[Message] = []
    while not until(found):
        found += source.poll(0.5, 100)
    return found


def _positions(found: list[Message], partition: int) -> list[int]:
    return [each.event.position for each in found if each.partition == partition and each.event is not None]


def _all_came(found: list[Message]) -> bool:
    return all(len(_positions(found, number)) >= len(positions) for number, positions in _placed().items())


def test_everything_comes_in_order_within_its_partition(source: RecordSource) -> None:
    """From the beginning, with the predecessor, the source and the event of each."""
    found = _read(source, _all_came)
    for number, positions in _placed().items():
        mine = [each for each in found if each.partition == number]
        assert [each.event for each in mine] == [an_event(position) for position in positions]
        assert [each.previous for each in mine] == [0, *positions[:-1]]
        assert [each.offset for each in mine] == list(range(len(positions)))
        assert {each.source for each in mine} == {LOG_ID}
        assert isinstance(mine[0].source, UUID)
        assert {each.error for each in mine} == {None}


def test_a_single_member_is_assigned_every_partition(source: RecordSource) -> None:
    """And it is polled empty, not blocked, once all came."""
    _read(source, _all_came)
    assert set(source.assignment()) == set(range(PARTITIONS))
    assert source.poll(0.5, 100) == []


def test_a_poll_gives_no_more_than_asked(source: RecordSource) -> None:
    """The rest comes with the next ones."""
    found: list[Message] = []
    while not _all_came(found):
        polled = source.poll(0.5, 2)
        assert len(polled) <= 2
        found += polled
    assert {number: _positions(found, number) for number in FILLED} == _placed()


def test_seeking_reads_on_from_there(source: RecordSource) -> None:
    """In the partitions named; one that is not ours is ignored."""
    _read(source, _all_came)
    source.seek({2: 1, 5: 2, 99: 0})
    found = _read(source, lambda found: bool(_positions(found, 2)[2:] and _positions(found, 5)))
    assert (_positions(found, 2), _positions(found, 5)) == ([4, 5, 9], [8])


def test_the_topic_has_one_identity(source: RecordSource) -> None:
    """The same each time."""
    first = source.topic_id()
    assert first
    assert source.topic_id() == first


def test_hints_never_raise_and_change_nothing(source: RecordSource) -> None:
    """Also for offsets beyond the end, and for a partition that is not there."""
    _read(source, _all_came)
    source.hint_committed({2: 3, 5: 1_000, 99: 1})
    source.seek({2: 0, 5: 0})
    found = _read(source, _all_came)
    assert {number: _positions(found, number) for number in FILLED} == _placed()
