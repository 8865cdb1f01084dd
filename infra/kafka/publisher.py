"""Sends pages of events to their topics, every one acknowledged."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from application.publishing import BrokerUnavailable, Origin, Outgoing, Sending
from infra.kafka.cloudevents import HEADERS, naming
from infra.kafka.connection import CLIENT_OPTIONS, MAX_MESSAGE_BYTES, require_reachable
from infra.kafka.origins import read_origins
from infra.kafka.partitioning import partition_of
from infra.kafka.topics import TopicDirectory

_DELIVERY_S = 30.0
_CLOSE_S = 5.0


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (KafkaError, OSError, ValueError) as error:  # ValueError: the partition is gone with the old topic
        raise BrokerUnavailable(f"a page was not acknowledged: {error!r}") from error


def _send(producer: KafkaProducer, message: Outgoing) -> Any:
    topic, partition, previous, event = message
    value = b"".join((event.opening, naming(previous), event.closing))
    return producer.send(topic, value, event.key.encode(), HEADERS, partition=partition)


class _Sending:
    """Implements ``Sending``: every future is looked at."""

    def __init__(self, producer: KafkaProducer, futures: Sequence[Any]) -> None:
        self._producer = producer
        self._futures = futures

    def confirm(self, *, at_once: bool) -> None:
        """Wait for every acknowledgement."""
        with _translated():
            if at_once:
                self._producer.flush(_DELIVERY_S)
            for future in self._futures:
                # Most are done when the first of their batch is: no call for those.
                if not future.is_done or future.exception is not None:
                    future.get(timeout=_DELIVERY_S)


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

    def send(self, messages: Sequence[Outgoing]) -> Sending:
        """Hand all over to the producer."""
        with _translated():
            producer = self._connected()
            return _Sending(producer, [_send(producer, each) for each in messages])

    def close(self) -> None:
        """Drop what was not sent, at once."""
        self._directory.close()
        if self._producer is not None:
            producer, self._producer = self._producer, None
            # close() alone waits in flush() for what cannot be sent, raises, and leaves the thread running.
            producer._sender.force_close()  # noqa: SLF001 - no public call gives up what cannot be sent
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
