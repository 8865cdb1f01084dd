"""`relay`: from the store to acknowledged and marked, against kafka-python producing the same bytes."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from signal import SIGKILL

import msgspec
import psycopg
from kafka import KafkaConsumer, TopicPartition

from bench.children.producing import Message
from bench.lines import Line, Stage
from bench.measuring.meter import metered
from bench.measuring.programs import LODESTONE
from bench.measuring.runs import Run, Side
from bench.work import Bench
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.topics import Topics
from infra.settings import Settings

_MARK = b"SELECT coalesce(min(position), 0) FROM lodestone.relay_marks WHERE topic = ANY(%s)"
_PUBLISHED = b"SELECT topic, count(*) FROM lodestone.publications GROUP BY topic"
_POLL_MS = 500


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    numbers, messages = count(), bench.services.folder / "messages"
    few, services = bench.logs.few, bench.services

    def ours() -> Run:
        with (
            services.copy_of(few.settings, "relayed") as copy,
            services.topics_of(copy, f"relay-{next(numbers)}.") as settings,
        ):
            run = _relay(bench, settings, few.events)
            if not messages.exists():
                _keep_messages(settings, messages)
            return run

    def produce() -> Run:
        with services.topics_of(few.settings, f"produce-{next(numbers)}.") as settings:
            topics = _topics(settings)
            line = ["--bootstrap", settings.require_bootstrap(), "--topics", *topics]
            line += ["--messages", str(messages), "--events", str(few.events)]
            return services.workshop(settings).finish("produce", "bench.children.producing", line).run()

    yield {"relay": Side(ours), "kafka-python": Side(produce)}


def _relay(bench: Bench, settings: Settings, events: int) -> Run:
    topics, workshop = _topics(settings), bench.services.workshop(settings)
    with (
        psycopg.connect(str(settings.admin_database_url), autocommit=True) as connection,
        workshop.running({"relay": [*LODESTONE, "relay"]}, SIGKILL) as running,
        metered({**running.pids, **workshop.services}) as meter,
    ):

        def mark() -> int:
            row = connection.execute(_MARK, (topics,)).fetchone()
            return int(row[0]) if row else 0

        rate = running.until_done(mark, events)
    return Run(rate, meter.usage())


def _topics(settings: Settings) -> list[str]:
    topics = Topics(settings.topic_prefix)
    return [topics.events, topics.exports]


def _keep_messages(settings: Settings, place: Path) -> None:
    """Read back what the relay sent, in the order of the store, so that the baseline sends the same bytes."""
    topics = _topics(settings)
    with psycopg.connect(str(settings.admin_database_url)) as connection:
        expected = {topic: number for topic, number in connection.execute(_PUBLISHED) if topic in topics}
    found: list[tuple[int, Message]] = []
    with closing(KafkaConsumer(bootstrap_servers=settings.require_bootstrap(), enable_auto_commit=False)) as consumer:
        partitions = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        while len(found) < sum(expected.values()):
            for partition, records in consumer.poll(_POLL_MS, max_records=10_000).items():
                topic = topics.index(partition.topic)
                found += [(_position(each.value), (topic, each.partition, each.key, each.value)) for each in records]
    # The relay sends page after page to both topics; by position is as close as makes no difference.
    found.sort(key=lambda each: each[0])
    place.write_bytes(msgspec.msgpack.encode([message for _, message in found]))


class _Placed(msgspec.Struct):
    position: str


def _position(value: bytes) -> int:
    return int(msgspec.json.decode(value, type=_Placed).position)


STAGE = Stage(
    lines=[Line("relay", "events/s", "relay", "kafka-python, the same bytes", ["kafka-python"], 0.8)],
    sides=_sides,
)
