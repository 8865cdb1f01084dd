"""The composition root: every part is put together here, from settings; what files, in ``infra.write_side``."""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from urllib.parse import unquote, urlsplit

from application.reading_ahead import ReadingAhead
from application.relay import Relay, is_export
from consumers.following import Follower
from consumers.ports import Message
from consumers.runner import Runner
from consumers.settling import BesideSettling, Runs
from infra.interpreter import processes_at_once
from infra.kafka.connection import patient
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.publisher import KafkaPublisher
from infra.kafka.record_source import KafkaRecordSource
from infra.kafka.topic_feed import KafkaTopicFeed
from infra.kafka.topics import TopicDirectory, Topics
from infra.postgres import migrate as migrations
from infra.postgres.appended_events import PostgresAppendedEvents
from infra.postgres.parked_streams import ParkedStreams
from infra.postgres.projection_store import PostgresProjectionStore
from infra.postgres.publications import PostgresPublications
from infra.postgres.published_events import PostgresPublishedEvents
from infra.postgres.read_side import ReadSide
from infra.postgres.rebuild import Rebuilder
from infra.postgres.settling import PostgresSettling
from infra.settings import Settings
from projections.catalogue import VOLUMES, catalogue


def migrate(settings: Settings, *, restored: bool = False) -> migrations.MigrationReport:
    """Bring the database up to date, set the roles' passwords from their URLs, and make the topics.

    Topics are made where a broker is configured; after a restore they wait for the new topic prefix.

    Raises:
        ServicesNotRunning: ``services.not_running``, without an administrator's URL.
    """
    passwords = {role: unquote(urlsplit(url).password or "") for role, url in settings.database_urls.items()}
    given = {role: password for role, password in passwords.items() if password}
    report = migrations.migrate(settings.require_admin(), given, restored=restored)
    if settings.kafka.bootstrap is not None and not restored:
        ensure_topics(settings)
    return report


def ensure_topics(settings: Settings, *, remake: bool = False) -> None:
    """Make the topics that are missing; ``remake`` those of a broker that is ours alone if they are wrong.

    Raises:
        BrokerUnavailable: ``kafka.unavailable``.
        TopicRefused: ``kafka.wrong_partitions``.
    """
    with closing(TopicDirectory(_kafka_options(settings))) as directory:
        directory.ensure(Topics(settings.topic_prefix).all, remake=remake)


@contextmanager
def read_side(settings: Settings) -> Iterator[ReadSide]:
    """Open the read models as the reader."""
    topic = Topics(settings.topic_prefix).events
    with ReadSide.connect(settings.database_url("reader"), topic, PARTITIONS) as reading:
        yield reading


@contextmanager
def relay(settings: Settings) -> Iterator[Relay]:
    """Put a relay together; it connects when it runs."""
    url, topics, options = settings.database_url("relay"), Topics(settings.topic_prefix), _kafka_options(settings)
    yield Relay(
        appended=lambda: ReadingAhead(PostgresAppendedEvents.connect(url)),
        publications=lambda: PostgresPublications.connect(url, topics.events, PARTITIONS),
        publisher=lambda: KafkaPublisher(options),
        topics={topics.events: lambda _: True, topics.exports: is_export},
    )


@contextmanager
def consumer(settings: Settings, units: Sequence[str], member: str | None = None) -> Iterator[Runs]:
    """Put a consumer of some units together; all its processes together form one group.

    Where it hosts the volumes, their totals are settled beside it.
    """
    url, topic = settings.database_url("projector"), Topics(settings.topic_prefix).events
    known = catalogue()
    group = f"{settings.topic_prefix}lodestone.{'.'.join(units)}"
    with (
        closing(PostgresProjectionStore.connect(url, known)) as store,
        closing(PostgresPublishedEvents.connect(url, topic)) as published,
        closing(PostgresSettling(url, known[VOLUMES], topic, PARTITIONS)) as settling,
    ):
        runner = Runner([known[unit] for unit in units], _source(settings, topic, group, member), store, published)
        yield BesideSettling(runner, settling) if VOLUMES in units else runner


def follower(  # noqa: PLR0913 - puts a follower together; each is a part of it that callers choose
    settings: Settings,
    show: Callable[[Message], None],
    ended: Callable[[], bool],
    pause: Callable[[float], object],
    *,
    exports: bool,
    first: int,
) -> Follower:
    """Put together what follows a topic; it connects when it runs."""
    topics, options = Topics(settings.topic_prefix), _kafka_options(settings)
    topic = topics.exports if exports else topics.events
    return Follower(lambda: KafkaTopicFeed(options, topic), show, ended, pause, first)


@contextmanager
def rebuilder(settings: Settings) -> Iterator[Rebuilder]:
    """Open what rebuilds read models, as the projector."""
    url, processes = settings.database_url("projector"), processes_at_once()
    with Rebuilder.connect(url, catalogue(), PARTITIONS, processes=processes) as rebuilding:
        yield rebuilding


@contextmanager
def parked_streams(settings: Settings) -> Iterator[ParkedStreams]:
    """Open what asks for retries of parked streams, as the projector."""
    with ParkedStreams.connect(settings.database_url("projector")) as streams:
        yield streams


def _source(settings: Settings, topic: str, group: str, member: str | None) -> Callable[[], KafkaRecordSource]:
    # Static membership: a process that comes back within the session keeps its partitions. Without a name of its
    # own a process is told apart by its id, so that two on one machine never drive each other out.
    name = member or f"{socket.gethostname()}-{os.getpid()}"
    options = _kafka_options(settings)
    return lambda: KafkaRecordSource(options, topic, group, name, settings.session_timeout_ms)


def _kafka_options(settings: Settings) -> dict[str, object]:
    return dict(patient(settings.require_bootstrap(), settings.kafka.client_options()))
