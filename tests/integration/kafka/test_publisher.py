"""Publishing to a real broker: what arrives, where, and what a new relay finds there."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from application.publishing import Origin, Outgoing
from infra.kafka.cloudevents import decode
from infra.kafka.connection import FETCH_OPTIONS, patient
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.publisher import KafkaPublisher
from infra.kafka.topics import Topics
from tests.support.consuming import LOG_ID
from tests.support.envelopes import an_event
from tests.support.messages import appended, publish

pytestmark = pytest.mark.kafka


@pytest.fixture
def options(kafka_bootstrap: str) -> Mapping[str, Any]:
    """How clients reach the broker."""
    return patient(kafka_bootstrap, {})


@pytest.fixture
def publisher(options: Mapping[str, Any]) -> Iterator[KafkaPublisher]:
    """A way to the topics."""
    with closing(KafkaPublisher(options)) as opened:
        yield opened


def _publish(publisher: KafkaPublisher, topic: str, *placed: tuple[int, int]) -> None:
    """Publish events at (partition, position)."""
    last: dict[int, int] = {}
    messages = []
    for partition, position in placed:
        messages.append(Outgoing(topic, partition, last.get(partition, 0), appended(an_event(position))))
        last[partition] = position
    publish(publisher, messages)


def test_an_empty_topic_has_no_origins(publisher: KafkaPublisher, topic_prefix: str) -> None:
    """Nothing has to come before it is known that nothing is there."""
    topic = Topics(topic_prefix).events
    publisher.topic_ids([topic])
    assert publisher.origins([topic]) == []


@pytest.mark.parametrize(
    "placed", [[(5, 1)], [(5, 1), (5, 2), (5, 3)], [(partition, partition + 1) for partition in range(12)]]
)
def test_a_new_relay_sees_whose_events_lie_in_a_topic(
    publisher: KafkaPublisher, topic_prefix: str, placed: list[tuple[int, int]]
) -> None:
    """The first and the last of every partition, though it holds a single one."""
    topic = Topics(topic_prefix).events
    publisher.topic_ids([topic])
    _publish(publisher, topic, *placed)
    found = set(publisher.origins([topic]))
    ends = {min(placed), max(placed)} if len({partition for partition, _ in placed}) == 1 else set(placed)
    assert {Origin(topic, LOG_ID, position) for _, position in ends} <= found
    assert {each.source for each in found} == {LOG_ID}


def test_a_topic_that_holds_more_than_one_poll_is_looked_at_whole(publisher: KafkaPublisher, topic_prefix: str) -> None:
    """A restarted relay stood still for ever: partitions that were read, paused and sought back gave nothing."""
    topic = Topics(topic_prefix).events
    publisher.topic_ids([topic])
    first: set[int] = set()
    last: dict[int, int] = {}
    for page in range(4):
        placed = [(position * 7 % PARTITIONS, position) for position in range(page * 2_000 + 1, page * 2_000 + 2_001)]
        _publish(publisher, topic, *placed)
        first = first or {position for _, position in placed[:PARTITIONS]}
        last |= dict(placed)
        found = {each.position for each in publisher.origins([topic])}
        assert first | set(last.values()) <= found


def test_messages_arrive_in_order_in_the_partition_they_name(
    publisher: KafkaPublisher, options: Mapping[str, Any], topic_prefix: str
) -> None:
    """With an unbroken chain of previous positions."""
    topic = Topics(topic_prefix).events
    publisher.topic_ids([topic])
    _publish(publisher, topic, *((position % 3, position) for position in range(1, 301)))
    found: dict[int, list[tuple[int | None, int]]] = {}
    with closing(KafkaConsumer(**options, **FETCH_OPTIONS)) as consumer:
        consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
        consumer.seek_to_beginning()
        while sum(map(len, found.values())) < 300:
            for partition, records in consumer.poll(500).items():
                for record in records:
                    decoded = decode(record.value, record.key.decode())
                    found.setdefault(partition.partition, []).append((decoded.previous, decoded.event.position))
    assert set(found) == {0, 1, 2}
    for partition, chain in found.items():
        positions = [position for _, position in chain]
        assert positions == [position for position in range(1, 301) if position % 3 == partition]
        assert [previous for previous, _ in chain] == [0, *positions[:-1]]
