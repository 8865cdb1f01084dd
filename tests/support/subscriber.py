"""A downstream service on the public feed: another client library (librdkafka), and nothing of ours."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from confluent_kafka import Consumer, Message, Producer, TopicPartition

END = b"the test wrote this"
_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Received:
    """One record as it lies in the topic."""

    partition: int
    key: str
    content_type: str
    value: bytes


def mark_the_end(bootstrap: str, topic: str) -> int:
    """Write a last record into each partition; give how many partitions there are.

    Where a partition ends is asked by other means only of brokers that answer it rightly.
    """
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    partitions = len(producer.list_topics(topic, timeout=_PATIENCE_S).topics[topic].partitions)
    for partition in range(partitions):
        producer.produce(topic, value=END, partition=partition)
    assert producer.flush(_PATIENCE_S) == 0
    return partitions


def read_all(bootstrap: str, topic: str, partitions: int) -> Sequence[Received]:
    """Read every partition from its beginning to its mark, in the order of arrival."""
    settings = {"bootstrap.servers": bootstrap, "group.id": f"{topic}.subscriber", "enable.auto.commit": False}
    with closing(Consumer(settings)) as consumer:
        consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions)])
        return list(_until_all_ended(consumer, partitions))


def _until_all_ended(consumer: Consumer, partitions: int) -> Iterator[Received]:
    while partitions:
        message = consumer.poll(_PATIENCE_S)
        assert message is not None, f"{partitions} partitions have no end"
        assert message.error() is None, message.error()
        if message.value() == END:
            partitions -= 1
        else:
            yield _received(message)


def _received(message: Message) -> Received:
    key, value, partition = message.key(), message.value(), message.partition()
    headers = dict(message.headers() or [])
    content_type = headers.pop("content-type")
    assert isinstance(key, bytes)
    assert isinstance(value, bytes)
    assert isinstance(content_type, bytes)
    assert partition is not None
    assert headers == {}
    return Received(partition, key.decode(), content_type.decode("ascii"), value)
