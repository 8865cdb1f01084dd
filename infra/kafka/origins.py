"""Looking into a topic: does what lies there come from our log?"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from application.publishing import BrokerUnavailable, Origin
from infra.kafka.connection import CLIENT_OPTIONS, FETCH_OPTIONS, require_reachable
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.record_source import message_of

_PATIENCE_S = 10.0
_POLL_MS = 500
_WHOLE_BATCHES = 1_000_000  # a poll that stops within a batch would hide the last record

_Offsets = Mapping[TopicPartition, int]


def read_origins(options: Mapping[str, Any], topic: str) -> Sequence[Origin]:
    """Give the origins of the first and of the last records of every partition that holds any.

    Where the broker's end offset is that of the last batch and not of the last record (the embedded one), all
    of that batch's records are looked at.

    Raises:
        BrokerUnavailable: ``kafka.unavailable``.
    """
    require_reachable(options)
    try:
        first, last = _ends(options, topic)
        return [origin for offsets in (first, last) for origin in _records_at(options, topic, offsets)]
    except (KafkaError, OSError) as error:
        raise BrokerUnavailable(f"{topic} cannot be read: {error!r}") from error


def _ends(options: Mapping[str, Any], topic: str) -> tuple[_Offsets, _Offsets]:
    with _consumer(options) as consumer:
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        first, end = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    filled = [each for each in partitions if end[each] > first[each]]
    return {each: first[each] for each in filled}, {each: end[each] - 1 for each in filled}


def _records_at(options: Mapping[str, Any], topic: str, offsets: _Offsets) -> Iterable[Origin]:
    waiting = set(offsets)
    # A consumer of its own: one that has read, paused and sought back may never fetch some partitions again.
    with _consumer(options) as consumer:
        consumer.assign(list(offsets))
        for partition, offset in offsets.items():
            consumer.seek(partition, offset)
        deadline = monotonic() + _PATIENCE_S
        while waiting:
            if monotonic() > deadline:
                missing = sorted(each.partition for each in waiting)
                raise BrokerUnavailable(f"{topic}: no record came from {missing}")
            for partition, records in consumer.poll(_POLL_MS, max_records=_WHOLE_BATCHES).items():
                waiting.discard(partition)
                consumer.pause(partition)
                yield from (origin_of(topic, record) for record in records)


def _consumer(options: Mapping[str, Any]) -> closing[KafkaConsumer]:
    return closing(KafkaConsumer(**options, **CLIENT_OPTIONS, **FETCH_OPTIONS))


def origin_of(topic: str, record: Any) -> Origin:
    """Tell where a record comes from; one that is none of our messages comes from nowhere."""
    found = message_of(record)
    return Origin(topic, found.source, found.event.position if found.event is not None else 0)
