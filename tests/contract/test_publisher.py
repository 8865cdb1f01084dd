"""What every publisher promises to the relay: the Kafka one, and the one that unit tests use."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from application.publishing import Origin, Outgoing, Publisher
from infra.kafka.connection import patient
from infra.kafka.publisher import KafkaPublisher
from infra.kafka.topics import Topics
from tests.support.consuming import LOG_ID
from tests.support.envelopes import an_event
from tests.support.messages import appended, publish
from tests.support.relaying import MemoryPublisher

pytestmark = pytest.mark.kafka


@pytest.fixture(params=["memory", "kafka"])
def publisher(request: pytest.FixtureRequest) -> Iterator[Publisher]:
    """A way to the topics, none of which is there yet."""
    if request.param == "memory":
        with closing(MemoryPublisher()) as made:
            yield made
        return
    with closing(KafkaPublisher(patient(request.getfixturevalue("kafka_bootstrap"), {}))) as connected:
        yield connected


@pytest.fixture
def topics(topic_prefix: str) -> tuple[str, str]:
    """Names of two topics."""
    return Topics(topic_prefix).events, Topics(topic_prefix).exports


def test_topics_are_made_and_keep_their_identities(publisher: Publisher, topics: tuple[str, str]) -> None:
    """One each, different, and the same when asked again for fewer."""
    found = publisher.topic_ids(topics)
    assert set(found) == set(topics)
    assert len(set(found.values())) == 2
    assert all(found.values())
    assert publisher.topic_ids(topics[:1]) == {topics[0]: found[topics[0]]}


def test_a_key_has_one_partition(publisher: Publisher) -> None:
    """Whoever asks, and whenever; not all keys have the same."""
    keys = ["client/A/1", "client/客户/2", "sale/B/3", "x"]
    first = [publisher.partition_of(key) for key in keys]
    assert first == [publisher.partition_of(key) for key in keys]
    assert len(set(first)) > 1
    assert min(first) >= 0


def test_what_was_published_is_found_at_the_ends(publisher: Publisher, topics: tuple[str, str]) -> None:
    """In the topic and of the log that it was published to; nothing in the other, nothing before."""
    events, exports = topics
    publisher.topic_ids(topics)
    assert list(publisher.origins(topics)) == []
    publish(publisher, [Outgoing(events, 1, max(n - 1, 0), appended(an_event(n))) for n in range(1, 4)])
    publish(publisher, [Outgoing(events, 0, 0, appended(an_event(4))), Outgoing(events, 1, 3, appended(an_event(5)))])
    found = set(publisher.origins([events]))
    assert {Origin(events, LOG_ID, position) for position in (1, 4, 5)} <= found
    assert {each.source for each in found} == {LOG_ID}
    assert list(publisher.origins([exports])) == []


def test_nothing_to_publish_is_no_error(publisher: Publisher, topics: tuple[str, str]) -> None:
    """And leaves nothing behind."""
    publisher.topic_ids(topics)
    publish(publisher, [])
    assert list(publisher.origins(topics)) == []
