"""All partitions of a topic, without a consumer group."""

from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from application.publishing import BrokerUnavailable
from consumers.ports import Message
from infra.kafka.connection import CLIENT_OPTIONS, FETCH_OPTIONS, require_reachable
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.record_source import message_of

_POLL_MS = 500
_MAX_RECORDS = 500


class KafkaTopicFeed:
    """Implements ``TopicFeed``; begins at the first record of every partition.

    Args:
        options: how clients reach the broker (``connection.patient``).
        topic: what to read.

    Raises:
        BrokerUnavailable: ``kafka.unavailable``.
    """

    def __init__(self, options: Mapping[str, Any], topic: str) -> None:
        require_reachable(options)
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        try:
            self._consumer = KafkaConsumer(**options, **CLIENT_OPTIONS, **FETCH_OPTIONS)
            self._consumer.assign(partitions)
            self._consumer.seek_to_beginning(*partitions)
        except (KafkaError, OSError) as error:
            raise BrokerUnavailable(f"{topic} cannot be read: {error!r}") from error

    def poll(self) -> Sequence[Message]:
        """Give what came within half a second.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``.
        """
        try:
            polled = self._consumer.poll(_POLL_MS, max_records=_MAX_RECORDS)
        except (KafkaError, OSError) as error:
            raise BrokerUnavailable(f"the topic cannot be read: {error!r}") from error
        return [message_of(record) for records in polled.values() for record in records]

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close(autocommit=False)
