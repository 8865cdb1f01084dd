"""What the client library does unasked, and what we set against it: each trap was met once (docs/adr/0004)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest
from confluent_kafka import Message as Delivered
from confluent_kafka import Producer
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaTimeoutError

from application.publishing import BrokerUnavailable, Outgoing
from infra.kafka.connection import patient
from infra.kafka.partitioning import partition_of
from infra.kafka.publisher import KafkaPublisher
from infra.kafka.record_source import KafkaRecordSource
from infra.kafka.topics import Topics
from tests.support.envelopes import an_event
from tests.support.messages import appended, publish

pytestmark = pytest.mark.kafka

SESSION_MS = 6_000


class Lost:
    """The future of a message that was never acknowledged."""

    is_done = False

    def get(self, timeout: float) -> None:
        """Tell so."""
        raise KafkaTimeoutError(f"lost, after {timeout} s")


class Calls:
    """What a client class of the library was asked, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, client: Any, *methods: str) -> None:
        self.made: list[tuple[str, Any, Mapping[str, Any]]] = []
        for method in methods:
            monkeypatch.setattr(client, method, self._noting(method, getattr(client, method)))

    def _noting(self, method: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def noted(client: Any, *arguments: Any, **named: Any) -> Any:
            self.made.append((method, client, named))
            return original(client, *arguments, **named)

        return noted


@pytest.fixture
def options(kafka_bootstrap: str) -> Mapping[str, Any]:
    """How clients reach the broker."""
    return patient(kafka_bootstrap, {})


@pytest.fixture
def topic(options: Mapping[str, Any], topic_prefix: str) -> str:
    """An empty events topic."""
    name = Topics(topic_prefix).events
    with closing(KafkaPublisher(options)) as making:
        making.topic_ids([name])
    return name


@pytest.fixture
def consumer_calls(options: Mapping[str, Any], topic: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    """What our record source asks its client."""
    calls = Calls(monkeypatch, KafkaConsumer, "partitions_for_topic", "subscribe")
    with closing(KafkaRecordSource(options, topic, f"{topic}.group", "member", SESSION_MS)):
        yield calls


@pytest.fixture
def producer_calls(options: Mapping[str, Any], topic: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    """What our publisher asks its client for two messages."""
    calls = Calls(monkeypatch, KafkaProducer, "send")
    with closing(KafkaPublisher(options)) as sending:
        publish(sending, [Outgoing(topic, 3, 0, appended(an_event(1))), Outgoing(topic, 4, 0, appended(an_event(2)))])
        yield calls


def test_metadata_is_at_hand_before_the_first_join(consumer_calls: Calls) -> None:
    """Metadata that comes during a join starts it over, and it can then hang for ever."""
    assert [method for method, _, _ in consumer_calls.made] == ["partitions_for_topic", "subscribe"]


def test_no_rebalance_listener_does_work(consumer_calls: Calls) -> None:
    """It would block heartbeats; new partitions are sought after a poll instead."""
    (subscribed,) = [named for method, _, named in consumer_calls.made if method == "subscribe"]
    assert "listener" not in subscribed


def test_a_consumer_is_neither_blind_nor_counting(consumer_calls: Calls) -> None:
    """A back-off of 30 s kept it blind for 55 s after a restart; metrics cost as much as the work."""
    wanted = {
        "reconnect_backoff_max_ms": 1_000,
        "request_timeout_ms": 8_000,
        "metrics_enabled": False,
        "allow_auto_create_topics": False,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "group_instance_id": "member",
        "max_partition_fetch_bytes": 8 * 1024 * 1024,
    }
    assert {name: consumer_calls.made[0][1].config[name] for name in wanted} == wanted


def test_a_producer_is_idempotent_and_waits_for_all(producer_calls: Calls) -> None:
    """Set explicitly, whatever the library's defaults are in its next version."""
    wanted = {
        "enable_idempotence": True,
        "acks": -1,
        "reconnect_backoff_max_ms": 1_000,
        "request_timeout_ms": 8_000,
        "metrics_enabled": False,
        "allow_auto_create_topics": False,
        "linger_ms": 20,
        "batch_size": 256 * 1024,
        "compression_type": "lz4",
        "max_request_size": 8 * 1024 * 1024,
    }
    assert {name: producer_calls.made[0][1].config[name] for name in wanted} == wanted


def test_every_message_is_given_its_partition(producer_calls: Calls) -> None:
    """Without it the library hashes the key and sorts the partitions anew for each record."""
    assert [named["partition"] for _, _, named in producer_calls.made] == [3, 4]


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_one_message_that_fails_fails_the_page(
    options: Mapping[str, Any], topic: str, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """`flush()` says nothing of it, so every future is looked at; the others have arrived."""
    sent: list[int] = []
    send = KafkaProducer.send

    def send_or_fail(client: KafkaProducer, *arguments: Any, **named: Any) -> Any:
        sent.append(len(sent))
        future = send(client, *arguments, **named)
        return Lost() if sent[-1] == failing else future

    monkeypatch.setattr(KafkaProducer, "send", send_or_fail)
    with closing(KafkaPublisher(options)) as sending:
        page = [Outgoing(topic, 3, max(position - 1, 0), appended(an_event(position))) for position in (1, 2, 3)]
        with pytest.raises(BrokerUnavailable, match="not acknowledged"):
            publish(sending, page)
    assert sent == [0, 1, 2]


def test_a_message_beyond_8_mib_fails_its_page(options: Mapping[str, Any], topic: str) -> None:
    """Loudly: a log that held one could not be published past it, which is why the append refuses events from 4 MiB."""
    larger = appended(an_event(2)._replace(data=b'{"n":"%s"}' % bytes(8 * 1024 * 1024)))
    with closing(KafkaPublisher(options)) as sending, pytest.raises(BrokerUnavailable, match="not acknowledged"):
        publish(sending, [Outgoing(topic, 3, 0, appended(an_event(1))), Outgoing(topic, 3, 1, larger)])


def test_another_library_puts_keys_where_we_do(kafka_bootstrap: str, topic: str) -> None:
    """The Java-compatible partitioner of librdkafka, on keys of any script and length."""
    keys = [f"client/91999999MA{number:04}客户/C-{number * 7919}" + "x" * (number % 5) for number in range(300)]
    placed: dict[str, int | None] = {}

    def delivered(error: Any, message: Delivered) -> None:
        assert error is None
        key = message.key()
        assert isinstance(key, bytes)
        placed[key.decode()] = message.partition()

    other = Producer({"bootstrap.servers": kafka_bootstrap, "partitioner": "murmur2"})
    for key in keys:
        other.produce(topic, key=key.encode(), value=b"{}", on_delivery=delivered)
    assert other.flush(30) == 0
    assert placed == {key: partition_of(key) for key in keys}
    assert len(set(placed.values())) == 12
