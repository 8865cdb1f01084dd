"""The largest event that the log takes, through the broker and back."""

from contextlib import closing
from random import Random

import pytest

from application.ports import MAX_DATA_BYTES
from application.publishing import Outgoing
from consumers.ports import Message
from domain.envelope import Envelope
from infra.kafka.connection import patient
from infra.kafka.publisher import KafkaPublisher
from infra.kafka.record_source import KafkaRecordSource
from infra.kafka.topics import Topics
from tests.support.envelopes import an_event
from tests.support.messages import appended, publish

pytestmark = pytest.mark.kafka

SESSION_MS = 6_000


@pytest.mark.parametrize("text", ["monotonous", "random"])
def test_the_largest_event_goes_through(kafka_bootstrap: str, topic_prefix: str, text: str) -> None:
    """4 MiB of data, several in a row in one partition, between small ones: byte for byte."""
    events = [an_event(1), *(_largest(position, text) for position in (2, 3, 4)), an_event(5)]
    topic = Topics(topic_prefix).events
    options = patient(kafka_bootstrap, {})
    with closing(KafkaPublisher(options)) as sending:
        sending.topic_ids([topic])
        publish(sending, [Outgoing(topic, 7, each.position - 1, appended(each)) for each in events])
    found: list[Message] = []
    with closing(KafkaRecordSource(options, topic, f"{topic}.group", "member", SESSION_MS)) as source:
        while len(found) < len(events):  # the test's own timeout ends it
            found += source.poll(0.5, 100)
    assert [each.event for each in found] == events
    assert [each.previous for each in found] == [0, 1, 2, 3, 4]


def _largest(position: int, text: str) -> Envelope:
    size = MAX_DATA_BYTES - len(b'{"n":""}')
    digits = Random(position).randbytes(size // 2).hex().encode()  # noqa: S311 - bytes that do not compress, no secret
    event = an_event(position)._replace(data=b'{"n":"%s"}' % (digits if text == "random" else b"").ljust(size, b"n"))
    assert len(event.data) == MAX_DATA_BYTES
    return event
