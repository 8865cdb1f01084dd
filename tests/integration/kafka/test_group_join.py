"""Joining the consumer group, as often as processes start."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from infra.kafka.connection import patient
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.record_source import KafkaRecordSource
from infra.kafka.topics import TopicDirectory, Topics

pytestmark = pytest.mark.kafka

MEMBERS = 8


@pytest.mark.parametrize("session_ms", [2_000, 6_000])
def test_every_first_join_succeeds(kafka_bootstrap: str, topic_prefix: str, session_ms: int) -> None:
    """Before the watchdog gives the client up; polls in step with the broker's answer began it anew for ever."""
    options = patient(kafka_bootstrap, {})
    topic = Topics(topic_prefix).events
    with closing(TopicDirectory(options)) as directory:
        directory.ensure([topic])

    def join(number: int) -> Collection[int]:
        group = f"{topic_prefix}{session_ms}.{number}"
        with closing(KafkaRecordSource(options, topic, group, "member", session_ms)) as source:
            while not source.assignment():
                assert source.poll(0.5, 10) == []
            return source.assignment()

    with ThreadPoolExecutor(MEMBERS) as threads:
        assert list(threads.map(join, range(MEMBERS))) == [set(range(PARTITIONS))] * MEMBERS
