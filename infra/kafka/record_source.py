"""A member of a consumer group on the events topic."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from random import uniform
from time import monotonic
from typing import Any

import structlog
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from application.publishing import BrokerUnavailable
from consumers.ports import Message
from infra.kafka.cloudevents import NotOurEvent, decode
from infra.kafka.connection import CLIENT_OPTIONS, FETCH_OPTIONS, require_reachable
from infra.kafka.plain_records import read_plainly
from infra.kafka.topics import TopicDirectory

_log = structlog.get_logger(__name__)
_tuple = tuple.__new__

_SHORTEST_POLL_S = 0.5
_STALLED_AFTER_SESSIONS = 2
# The embedded broker takes 6 s to let a member in, however short its session is.
_SHORTEST_PATIENCE_S = 12.0


class KafkaRecordSource:
    """Implements ``RecordSource``.

    Args:
        options: how clients reach the broker (``connection.patient``).
        topic: the events topic.
        group: the consumer group.
        member: static membership: unique among the group's processes, and the same after a restart.
        session_timeout_ms: after this the group gives a silent member's partitions to others.

    Raises:
        BrokerUnavailable: ``kafka.unavailable``.
    """

    def __init__(
        self, options: Mapping[str, Any], topic: str, group: str, member: str, session_timeout_ms: int
    ) -> None:
        self._topic = topic
        self._patience_s = max(_STALLED_AFTER_SESSIONS * session_timeout_ms / 1000, _SHORTEST_PATIENCE_S)
        self._directory = TopicDirectory(options)
        require_reachable(options)
        with _broker_errors("the consumer cannot start"):
            self._consumer = KafkaConsumer(
                **options,
                **CLIENT_OPTIONS,
                **FETCH_OPTIONS,
                group_id=group,
                group_instance_id=member,
                session_timeout_ms=session_timeout_ms,
                heartbeat_interval_ms=session_timeout_ms // 4,
            )
        read_plainly(self._consumer)
        try:
            with _broker_errors("the consumer cannot start"):
                # Without the topic's metadata at hand the first join starts over when it comes, and can hang for ever.
                self._consumer.partitions_for_topic(topic)
                self._consumer.subscribe([topic])
        except BrokerUnavailable:
            self.close()
            raise
        self._alive_at = monotonic()

    def poll(self, timeout_s: float, max_records: int) -> Sequence[Message]:
        """Give what came; waits at least 0.5 s for it, as shorter polls cut rejoins off.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``; also where the client has stalled: no fetch and no
                heartbeat went through for two session timeouts, or 12 s.
        """
        wait_s = max(timeout_s, _SHORTEST_POLL_S)
        if not self._consumer.assignment():
            # A join whose answer comes in the very moment in which a poll ends is begun anew by the client. The
            # embedded broker answers after whole seconds, and polls of half a second met that moment for ever. So polls
            # end seldom and out of step; one that brings records ends at once anyway.
            wait_s *= uniform(3, 5)  # noqa: S311 - spreads pauses; nothing secret
        with _broker_errors("the consumer cannot read"):
            polled = self._consumer.poll(int(wait_s * 1000), max_records=max_records)
        self._watch(bool(polled))
        return [message_of(record) for records in polled.values() for record in records]

    def assignment(self) -> Collection[int]:
        """Give the partitions that are ours now."""
        return {each.partition for each in self._consumer.assignment()}

    def seek(self, offsets: Mapping[int, int]) -> None:
        """Read on from these offsets."""
        for partition, offset in offsets.items():
            with suppress(ValueError, KafkaError):  # no longer ours, which the next assignment() tells
                self._consumer.seek(TopicPartition(self._topic, partition), offset)

    def topic_id(self) -> str | None:
        """Ask the broker for the topic's identity."""
        return self._directory.identity(self._topic)

    def hint_committed(self, offsets: Mapping[int, int]) -> None:
        """Commit offsets to the group, for lag tools."""
        try:
            self._consumer.commit_async(
                {TopicPartition(self._topic, each): OffsetAndMetadata(at, "", -1) for each, at in offsets.items()}
            )
        except (KafkaError, AssertionError) as error:
            _log.info("offsets not committed to the group", reason=repr(error))

    def close(self) -> None:
        """Leave without giving the assignment back: a restart within the session is no rebalance."""
        self._directory.close()
        try:
            self._consumer.close(autocommit=False)
        except (KafkaError, OSError) as error:
            _log.info("the consumer did not leave cleanly", reason=repr(error))

    def _watch(self, fetched: bool) -> None:  # noqa: FBT001 - whether a poll gave anything, from its one caller
        heartbeat = self._consumer._coordinator.heartbeat.last_receive  # noqa: SLF001 - no public call tells when the group last answered
        now = monotonic()
        self._alive_at = max(self._alive_at, heartbeat, now if fetched else 0.0)
        if now - self._alive_at > self._patience_s:
            raise BrokerUnavailable(f"no fetch and no heartbeat for {self._patience_s:.0f} s: the client has stalled")


@contextmanager
def _broker_errors(what: str) -> Iterator[None]:
    try:
        yield
    except (KafkaError, OSError) as error:
        raise BrokerUnavailable(f"{what}: {error!r}") from error


def message_of(record: Any) -> Message:
    """Read a record; one that is not ours is told as such."""
    value = record.value or b""
    try:
        source, previous, event = decode(value, (record.key or b"").decode())
    except (NotOurEvent, UnicodeDecodeError) as error:
        return Message(record.partition, record.offset, 0, None, None, value, str(error))
    if previous is None:
        # As `replay` writes it, for elsewhere: what lies before it cannot be told, so it must not count as the first.
        reason = "an event without its predecessor in the partition"
        return Message(record.partition, record.offset, 0, None, None, value, reason)
    return _tuple(Message, (record.partition, record.offset, previous, source, event, value, None))
