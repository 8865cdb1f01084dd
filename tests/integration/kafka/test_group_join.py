"""Joining the consumer group, as often as processes start."""

from contextlib import closing

import pytest

from infra.kafka.connection import patient
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.record_source import KafkaRecordSource
from infra.kafka.topics import TopicDirectory, Topics

pytestmark = pytest.mark.kafka

SESSION_MS = 2_000


@pytest.mark.parametrize("attempt", range(6))
def test_the_first_join_succeeds(kafka_bootstrap: str, topic_prefix: str, attempt: int) -> None:
    """Before the watchdog gives the client up; polls in step with the broker's answer began it anew for ever."""
    options = patient(kafka_bootstrap, {})
    topic = Topics(topic_prefix).events
    with closing(TopicDirectory(options)) as directory:
        directory.ensure([topic])
    with closing(KafkaRecordSource(options, topic, f"{topic_prefix}{attempt}", "member", SESSION_MS)) as source:
        while not source.assignment():
            assert source.poll(0.5, 10) == []
        assert set(source.assignment()) == set(range(PARTITIONS))
