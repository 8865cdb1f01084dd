"""How long the group member polls."""

from typing import Any

import pytest
from kafka import TopicPartition

from infra.kafka import record_source
from infra.kafka.record_source import KafkaRecordSource


class QuietConsumer:
    """A client to which nothing comes, in a group that always answers."""

    def __init__(self, **_: Any) -> None:
        self.assigned: set[TopicPartition] = set()
        self.waits_ms: list[int] = []
        self._coordinator = self
        self.heartbeat = self
        self.last_receive = float("inf")

    def partitions_for_topic(self, _: str) -> set[int]:
        """Know one partition."""
        return {0}

    def subscribe(self, _: list[str]) -> None:
        """Take note of nothing."""

    def assignment(self) -> set[TopicPartition]:
        """Give what the test assigns."""
        return self.assigned

    def poll(self, timeout_ms: int, **_: Any) -> dict[TopicPartition, list[Any]]:
        """Note how long it would have waited."""
        self.waits_ms.append(timeout_ms)
        return {}


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch) -> tuple[KafkaRecordSource, QuietConsumer]:
    """A member whose client is quiet."""
    client = QuietConsumer()
    monkeypatch.setattr(record_source, "require_reachable", lambda _: None)
    monkeypatch.setattr(record_source, "KafkaConsumer", lambda **_: client)
    return KafkaRecordSource({"bootstrap_servers": "nowhere:1"}, "topic", "group", "member", 6_000), client


def test_polls_are_out_of_step_while_joining(member: tuple[KafkaRecordSource, QuietConsumer]) -> None:
    """A join answered in the very moment in which a poll ends is begun anew; even polls would meet it again."""
    source, client = member
    for _ in range(50):
        source.poll(0.5, 10)
    assert len(set(client.waits_ms)) > 10
    assert all(500 <= wait <= 1000 for wait in client.waits_ms)


def test_polls_are_as_long_as_asked_once_assigned(member: tuple[KafkaRecordSource, QuietConsumer]) -> None:
    """But never shorter than what lets a rejoin through."""
    source, client = member
    client.assigned = {TopicPartition("topic", 0)}
    source.poll(0.1, 10)
    source.poll(0.9, 10)
    assert client.waits_ms == [500, 900]
