"""Topics: made with their settings, recognised when made anew, refused where their form is another."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from application.publishing import TopicRefused
from infra.kafka.connection import MAX_MESSAGE_BYTES, patient
from infra.kafka.topics import TopicDirectory, Topics, ensure_topics
from tests.conftest import APACHE

pytestmark = pytest.mark.kafka

FOR_EVER = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}


@pytest.fixture
def options(kafka_bootstrap: str) -> Mapping[str, Any]:
    """How clients reach the broker."""
    return patient(kafka_bootstrap, {})


@pytest.fixture
def admin(options: Mapping[str, Any]) -> Iterator[KafkaAdminClient]:
    """Somebody else."""
    with closing(KafkaAdminClient(**options)) as connected:
        yield connected


def test_all_topics_are_made_once_whoever_is_first(options: Mapping[str, Any], topic_prefix: str) -> None:
    """By several at once, all of whom get the same identities; and 12 partitions each."""
    topics = Topics(topic_prefix)
    with ThreadPoolExecutor(3) as threads:
        made = list(threads.map(lambda _: dict(ensure_topics(options, topics)), range(3)))
    assert set(made[0]) == {f"{topic_prefix}lodestone.{name}.v1" for name in ("events", "exports", "checkpoints")}
    assert made == [made[0]] * 3
    with closing(KafkaAdminClient(**options)) as admin:
        assert {len(each["partitions"]) for each in admin.describe_topics(list(topics.all))} == {12}


@pytest.mark.skipif(
    os.environ.get("LODESTONE_TEST_KAFKA") != APACHE, reason="the embedded broker answers no DescribeConfigs"
)
def test_events_are_kept_for_ever_and_may_be_large(
    options: Mapping[str, Any], admin: KafkaAdminClient, topic_prefix: str
) -> None:
    """As the broker itself says it."""
    wanted = {**FOR_EVER, "max.message.bytes": str(8 * 1024 * 1024)}
    assert wanted["max.message.bytes"] == str(MAX_MESSAGE_BYTES)
    for topic in ensure_topics(options, Topics(topic_prefix)):
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        (found,) = admin.describe_configs([resource], config_filter="all").values()
        assert {name: found[topic][name]["value"] for name in wanted} == wanted


def test_a_topic_with_other_partitions_is_refused_or_remade(
    options: Mapping[str, Any], admin: KafkaAdminClient, topic_prefix: str
) -> None:
    """Refused, unless the broker is ours alone; what is remade is another topic."""
    topic = Topics(topic_prefix).events
    admin.create_topics({topic: {"num_partitions": 4, "replication_factor": 1}})
    admin.wait_for_topics([topic], timeout_ms=10_000)
    with closing(TopicDirectory(options)) as directory:
        before = directory.identity(topic)
        with pytest.raises(TopicRefused, match="4 partitions") as refused:
            directory.ensure([topic])
        assert refused.value.code == "kafka.wrong_partitions"
        assert directory.identity(topic) == before
        after = directory.ensure([topic], remake=True)[topic]
        assert after != before
        assert directory.ensure([topic]) == {topic: after}


def test_a_topic_that_is_not_there_has_no_identity(options: Mapping[str, Any], topic_prefix: str) -> None:
    """And asking does not make it."""
    topic = Topics(topic_prefix).events
    with closing(TopicDirectory(options)) as directory:
        assert directory.identity(topic) is None
        assert directory.identity(topic) is None
        assert directory.identity(topic) != directory.ensure([topic])[topic]
        assert directory.identity(topic) == directory.ensure([topic])[topic]
