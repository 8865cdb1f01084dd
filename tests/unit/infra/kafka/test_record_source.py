"""How the group member polls, when it gives its client up, and what it makes of a record."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaTimeoutError

from application.publishing import BrokerUnavailable, Origin
from infra.kafka import record_source
from infra.kafka.cloudevents import encode
from infra.kafka.origins import origin_of
from infra.kafka.record_source import KafkaRecordSource, message_of
from tests.support.consuming import LOG_ID
from tests.support.envelopes import an_event

SESSION_MS = 10_000


class QuietConsumer:
    """A client to which nothing comes, in a group that always answers."""

    def __init__(self, **_: Any) -> None:
        self.assigned: set[TopicPartition] = set()
        self.waits_ms: list[int] = []
        self.closed = False
        self.coming: dict[TopicPartition, list[Any]] = {}
        self._coordinator = self
        self._fetcher = self
        self.heartbeat = self
        self.last_receive = float("inf")

    def partitions_for_topic(self, _: str) -> set[int]:
        """Know one partition."""
        return {0}

    def close(self, **_: Any) -> None:
        """Take note."""
        self.closed = True

    def subscribe(self, _: list[str]) -> None:
        """Take note of nothing."""

    def assignment(self) -> set[TopicPartition]:
        """Give what the test assigns."""
        return self.assigned

    def poll(self, timeout_ms: int, **_: Any) -> dict[TopicPartition, list[Any]]:
        """Note how long it would have waited."""
        self.waits_ms.append(timeout_ms)
        return self.coming


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch) -> tuple[KafkaRecordSource, QuietConsumer]:
    """A member whose client is quiet."""
    client = QuietConsumer()
    monkeypatch.setattr(record_source, "require_reachable", lambda _: None)
    monkeypatch.setattr(record_source, "KafkaConsumer", lambda **_: client)
    return KafkaRecordSource({"bootstrap_servers": "nowhere:1"}, "topic", "group", "member", SESSION_MS), client


def test_polls_are_long_and_out_of_step_while_joining(member: tuple[KafkaRecordSource, QuietConsumer]) -> None:
    """A join answered in the very moment in which a poll ends is begun anew; even polls would meet it again."""
    source, client = member
    for _ in range(50):
        source.poll(0.5, 10)
    assert len(set(client.waits_ms)) > 10
    assert all(1500 <= wait <= 2500 for wait in client.waits_ms)


def test_polls_are_as_long_as_asked_once_assigned(member: tuple[KafkaRecordSource, QuietConsumer]) -> None:
    """But never shorter than what lets a rejoin through."""
    source, client = member
    client.assigned = {TopicPartition("topic", 0)}
    source.poll(0.1, 10)
    source.poll(0.9, 10)
    assert client.waits_ms == [500, 900]


def test_a_client_that_cannot_start_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again for as long as the broker is away, so each one left open would add up."""
    client = QuietConsumer()

    def lost(_: str) -> set[int]:
        raise KafkaTimeoutError("no metadata")

    monkeypatch.setattr(client, "partitions_for_topic", lost)
    monkeypatch.setattr(record_source, "require_reachable", lambda _: None)
    monkeypatch.setattr(record_source, "KafkaConsumer", lambda **_: client)
    with pytest.raises(BrokerUnavailable):
        KafkaRecordSource({"bootstrap_servers": "nowhere:1"}, "topic", "group", "member", SESSION_MS)
    assert client.closed


@dataclass
class Record:
    """A record as the client gives it."""

    value: bytes | None
    key: bytes | None = b"sale/A/1"
    partition: int = 3
    offset: int = 7


def test_a_client_that_has_stalled_is_given_up(
    member: tuple[KafkaRecordSource, QuietConsumer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rejoin can hang for ever without an error: no heartbeat and no record for two sessions; either one is life."""
    source, client = member
    now = monotonic()
    patience_s = 2 * SESSION_MS / 1000

    def at(seconds: float) -> None:
        monkeypatch.setattr(record_source, "monotonic", lambda: now + seconds)

    client.last_receive = now + 1
    at(1 + patience_s)
    assert source.poll(0.5, 10) == []
    client.coming = {TopicPartition("topic", 3): [Record(encode(an_event(1), 0, LOG_ID))]}
    at(2 + patience_s)
    assert len(source.poll(0.5, 10)) == 1
    client.coming = {}
    at(2 + 2 * patience_s)
    assert source.poll(0.5, 10) == []
    at(2.1 + 2 * patience_s)
    with pytest.raises(BrokerUnavailable, match="stalled"):
        source.poll(0.5, 10)


def test_a_record_is_read_with_its_place_and_predecessor() -> None:
    """And its source."""
    found = message_of(Record(encode(an_event(5), 2, LOG_ID)))
    assert (found.partition, found.offset, found.previous, found.source) == (3, 7, 2, LOG_ID)
    assert found.event == an_event(5)


@pytest.mark.parametrize(
    "record",
    [
        Record(None),
        Record(b""),
        Record(b"{}"),
        Record(encode(an_event(5), 2, LOG_ID), key=b"\xff"),
        Record(encode(an_event(5), None, LOG_ID)),
    ],
    ids=["tombstone", "empty", "not an event", "no text as key", "no predecessor"],
)
def test_what_is_none_of_our_messages_is_told_as_such(record: Record) -> None:
    """By the consumer, and by the relay that looks into a topic: neither ends for it."""
    found = message_of(record)
    assert (found.event, found.source, found.raw) == (None, None, record.value or b"")
    assert found.error
    assert origin_of("topic", record) == Origin("topic", None, 0)
