"""The broker is killed, twice, under a relay and a consumer at work; the store is in memory, so Kafka alone delivers.

Apache Kafka keeps what it acknowledged and comes back under live clients. The embedded broker forgets: as the
supervisor does, relay and consumer are stopped, the topics made anew, and both started again.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

import pytest

from application.publishing import Appended
from application.relay import Relay, RelayPace
from consumers.runner import ConsumerPace, Runner
from domain.envelope import Envelope
from infra.kafka import publisher
from infra.kafka.connection import patient
from infra.kafka.partitioning import PARTITIONS, partition_of
from infra.kafka.publisher import KafkaPublisher
from infra.kafka.record_source import KafkaRecordSource
from infra.kafka.topics import TopicDirectory
from tests.conftest import APACHE, JARS
from tests.support.broker_under_test import KillableBroker, killable_broker
from tests.support.consuming import FakeProjection, MemoryPublished, MemoryStore
from tests.support.envelopes import an_event
from tests.support.messages import appended
from tests.support.relaying import MemoryAppended, MemoryPublications

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]

KEEPS = os.environ.get("LODESTONE_TEST_KAFKA") == APACHE
TOPIC = "killed.events"
EVENTS = [an_event(position, f"sale/{position % 40}") for position in range(1, 20_001)]
KILLED_AT = (5_000, 10_000)
AHEAD = 2_000
SESSION_MS = 6_000


class PacedLog(MemoryAppended):
    """A log whose writer stays a little ahead of the reader, so that a kill meets both at work."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(EVENTS)
        self._store = store
        self._pause = Event()

    def page(self, after: int, limit: int, max_bytes: int) -> Sequence[Appended]:
        """Give what is written by now."""
        assert max_bytes > 0
        written = len(self._store.applied.get("volumes", ())) + AHEAD
        return [appended(each) for each in self.events[after : after + limit] if each.position <= written]

    def wait(self, timeout_s: float) -> None:
        """Wait a moment."""
        self._pause.wait(min(timeout_s, 0.02))


class NothingReadBack(MemoryPublished):
    """The store gives no event: a consumer that asks for one has not got it from the broker."""

    def __init__(self) -> None:
        super().__init__({})

    def head(self) -> int:
        """Give the last position."""
        return EVENTS[-1].position

    def of_partition(self, partition: int, after: int, until: int | None, limit: int) -> Sequence[Envelope]:
        """Fail."""
        raise AssertionError(f"partition {partition}: messages are missing after {after}, up to {until}, {limit}")


class Work:
    """A relay and a consumer of one topic."""

    def __init__(self, bootstrap: str) -> None:
        self.options = patient(bootstrap, {})
        self.store = MemoryStore()
        self._publications = MemoryPublications()
        self._threads: list[Thread] = []
        self._pause = Event()

    def applied(self) -> list[Envelope]:
        """Give what was applied, in the order in which it was."""
        return self.store.applied.get("volumes", [])

    def ensure_topic(self) -> None:
        """Make the topic."""
        with closing(TopicDirectory(self.options)) as directory:
            directory.ensure([TOPIC], remake=True)

    def await_applied(self, count: int) -> None:
        """Wait until so many events are applied, while both are alive; the test's own timeout ends it."""
        while len(self.applied()) < count:
            assert all(thread.is_alive() for thread in self._threads)
            self._pause.wait(0.02)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run both."""
        relay = Relay(
            lambda: PacedLog(self.store),
            lambda: self._publications,
            lambda: KafkaPublisher(self.options),
            {TOPIC: lambda _: True},
            RelayPace(page_events=300),
        )
        runner = Runner(
            [FakeProjection()],
            lambda: KafkaRecordSource(self.options, TOPIC, "killed", "member", SESSION_MS),
            self.store,
            NothingReadBack(),
            pace=ConsumerPace(overdue_s=1_000_000),
        )
        stop = Event()
        self._threads = [Thread(target=each.run, args=(stop,), daemon=True) for each in (relay, runner)]
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in self._threads:
                thread.join()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[KillableBroker]:
    """A broker of the test's own."""
    with killable_broker(tmp_path, JARS, apache=KEEPS) as running:
        yield running


def _work_on_while_it_comes_back(work: Work, broker: KillableBroker) -> None:
    with work.running():
        for share in KILLED_AT:
            work.await_applied(share)
            broker.kill()
            broker.start()
        work.await_applied(len(EVENTS))


def _start_again_with_new_topics(work: Work, broker: KillableBroker) -> None:
    for share in KILLED_AT:
        with work.running():
            work.await_applied(share)
            broker.kill()
        broker.start()
        work.ensure_topic()
    with work.running():
        work.await_applied(len(EVENTS))


def test_nothing_is_lost_doubled_or_out_of_order(broker: KillableBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event is applied once, and in each partition in order of position."""
    work = Work(broker.bootstrap)
    work.ensure_topic()
    if KEEPS:
        _work_on_while_it_comes_back(work, broker)
    else:
        # A relay that is told to stop gives its page so long; the broker that had it will not come back.
        monkeypatch.setattr(publisher, "_DELIVERY_S", 9.0)
        _start_again_with_new_topics(work, broker)
    assert sorted(each.position for each in work.applied()) == [each.position for each in EVENTS]
    for partition in range(PARTITIONS):
        positions = [each.position for each in work.applied() if partition_of(each.key) == partition]
        assert all(before < after for before, after in pairwise(positions))
