"""Sends pages of events to their topics, every one acknowledged."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kafka import KafkaProducer
from kafka.errors import KafkaError

from application.publishing import BrokerUnavailable, Origin, Outgoing
from infra.kafka.cloudevents import HEADERS, encode
from infra.kafka.connection import CLIENT_OPTIONS, MAX_MESSAGE_BYTES, require_reachable
from infra.kafka.origins import read_origins
from infra.kafka.partitioning import partition_of
from infra.kafka.topics import TopicDirectory

_DELIVERY_S = 30.0
_CLOSE_S = 5.0


class KafkaPublisher:
    """Implements ``Publisher`` with an idempotent producer.

    ``send()`` never blocks and ``flush()`` never tells of a failure, so the caller bounds its page and every
    future is looked at here.

    Args:
        options: how clients reach the broker (``connection.patient``).
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._directory = TopicDirectory(options)
        self._producer: KafkaProducer | None = None

    def topic_ids(self, topics: Sequence[str]) -> Mapping[str, str]:
        """Ask for the topics' identities, making those that are missing."""
        return self._directory.ensure(topics)

    def origins(self, topics: Sequence[str]) -> Sequence[Origin]:
        """Look at the first and the last record of every partition."""
        return [origin for topic in topics for origin in read_origins(self._options, topic)]

    def partition_of(self, key: str) -> int:
        """Give the partition of a key."""
        return partition_of(key)

    def publish(self, messages: Sequence[Outgoing], log_id: UUID) -> None:
        """Send all and wait for every acknowledgement."""
        try:
            producer = self._connected()
            futures = [
                producer.send(
                    each.topic,
                    value=encode(each.event, each.previous, log_id),
                    key=each.event.key.encode(),
                    headers=HEADERS,
                    partition=each.partition,
                )
                for each in messages
            ]
            producer.flush(_DELIVERY_S)
            for future in futures:
                future.get(timeout=_DELIVERY_S)
        except (KafkaError, OSError, ValueError) as error:  # ValueError: the partition is gone with the old topic
            raise BrokerUnavailable(f"a page was not acknowledged: {error!r}") from error

    def close(self) -> None:
        """Drop what was not sent, at once."""
        self._directory.close()
        if self._producer is not None:
            producer, self._producer = self._producer, None
            # close() alone waits in flush() for what cannot be sent, raises, and leaves the thread running.
            producer._sender.force_close()  # noqa: SLF001 - there is no public way
            producer.close(timeout=_CLOSE_S)

    def _connected(self) -> KafkaProducer:
        if self._producer is None:
            require_reachable(self._options)
            self._producer = KafkaProducer(
                **self._options,
                **CLIENT_OPTIONS,
                acks="all",
                enable_idempotence=True,
                linger_ms=20,
                batch_size=256 * 1024,
                compression_type="lz4",
                max_request_size=MAX_MESSAGE_BYTES,
                delivery_timeout_ms=int(_DELIVERY_S * 1000),
            )
        return self._producer
