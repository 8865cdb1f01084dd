"""Looking into a topic: does what lies there come from our log?"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from application.publishing import BrokerUnavailable, Origin
from infra.kafka.cloudevents import NotOurEvent, decode
from infra.kafka.connection import CLIENT_OPTIONS, FETCH_OPTIONS, require_reachable
from infra.kafka.partitioning import PARTITIONS

_PATIENCE_S = 10.0
_POLL_MS = 500


def read_origins(options: Mapping[str, Any], topic: str) -> Sequence[Origin]:
    """Give the origins of the first and of the last records of every partition that holds any.

    Where the broker's end offset is that of the last batch and not of the last record (the embedded one), all
    of that batch's records are looked at.

    Raises:
        BrokerUnavailable: ``kafka.unavailable``.
    """
    require_reachable(options)
    try:
        with closing(KafkaConsumer(**options, **CLIENT_OPTIONS, **FETCH_OPTIONS)) as consumer:
            partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
            consumer.assign(partitions)
            first, end = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
            filled = [each for each in partitions if end[each] > first[each]]
            offsets = [first, {each: end[each] - 1 for each in filled}]
            return [origin for each in offsets for origin in _records_at(consumer, topic, filled, each)]
    except (KafkaError, OSError) as error:
        raise BrokerUnavailable(f"{topic} cannot be read: {error!r}") from error


def _records_at(
    consumer: KafkaConsumer, topic: str, partitions: Sequence[TopicPartition], offsets: Mapping[TopicPartition, int]
) -> Iterable[Origin]:
    waiting = set(partitions)
    consumer.assign(list(partitions))
    for each in partitions:
        # Assigning the same partitions again leaves them paused, as the pass before left them.
        consumer.resume(each)
        consumer.seek(each, offsets[each])
    deadline = monotonic() + _PATIENCE_S
    while waiting:
        if monotonic() > deadline:
            raise BrokerUnavailable(f"{topic}: no record came from {sorted(each.partition for each in waiting)}")
        for partition, records in consumer.poll(_POLL_MS).items():
            waiting.discard(partition)
            consumer.pause(partition)
            yield from (_origin(topic, record) for record in records)


def _origin(topic: str, record: Any) -> Origin:
    try:
        decoded = decode(record.value, (record.key or b"").decode())
    except NotOurEvent:
        return Origin(topic, None, 0)
    return Origin(topic, decoded.source, decoded.event.position)
