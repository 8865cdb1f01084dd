"""The record of publications, the relay's marks and its lock, on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from application.ports import NewEvent, StoreUnavailable, Submission
from application.publishing import Advance, Mark
from domain.envelope import Actor
from domain.exporter.events import ExporterRegistered
from domain.grade.events import GradeDefined
from infra.kafka.cloudevents import encode
from infra.postgres.appended_events import PostgresAppendedEvents
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.publications import PostgresPublications
from infra.postgres.published_events import PostgresPublishedEvents

EVENTS, EXPORTS = "t.events", "t.exports"
BIG = 3 * 1024 * 1024


def _register(number: int, name: str = "Fictitious Magnets") -> Submission:
    event = ExporterRegistered(uscc=f"{number:018d}", names=(name,), customs_code=None, region="999999")
    return Submission(
        command_id=uuid4(),
        actor=Actor("li.wei", "exporter", ""),
        correlation_id=uuid4(),
        causation_id=None,
        guards={event.stream: 0},
        events=[NewEvent(uuid4(), event, datetime.now(UTC))],
    )


@pytest.fixture
def log(database: Any) -> Iterator[PostgresEventLog]:
    """A log with five events."""
    with PostgresEventLog.connect(database.writer_url) as opened:
        opened.append([_register(number) for number in range(5)])
        yield opened


@pytest.fixture
def publications(database: Any) -> Iterator[PostgresPublications]:
    """The relay's record."""
    with closing(PostgresPublications.connect(database.relay_url, EVENTS, 12)) as opened:
        yield opened


def _publish(publications: PostgresPublications, topic: str, *published: tuple[int, int]) -> Mark:
    """Record (partition, position) as published."""
    before = publications.marks([topic])[topic]
    after = Mark(max(position for _, position in published), "id")
    assert publications.advance([Advance(topic, before, after, published)])
    return after


def test_only_one_relay_holds_the_lock(database: Any, publications: PostgresPublications) -> None:
    """The next one gets it when the connection of the first is gone."""
    assert publications.acquire()
    with closing(PostgresPublications.connect(database.relay_url, EVENTS, 12)) as second:
        assert not second.acquire()
        publications.close()
        _until(second.acquire)


def test_marks_and_publications_move_together_or_not_at_all(publications: PostgresPublications) -> None:
    """One mark that is not as expected undoes the whole page."""
    marks = publications.marks([EVENTS, EXPORTS])
    assert marks == {EVENTS: Mark(0, None), EXPORTS: Mark(0, None)}
    fine = Advance(EVENTS, Mark(0, None), Mark(2, "id"), [(0, 1), (4, 2)])
    assert not publications.advance([fine, Advance(EXPORTS, Mark(1, None), Mark(2, "id"), [])])
    assert publications.marks([EVENTS])[EVENTS] == Mark(0, None)
    assert publications.previous(EVENTS, 99) == {}
    assert publications.advance([fine])
    assert publications.marks([EVENTS])[EVENTS] == Mark(2, "id")


def test_previous_tells_where_each_partition_stood(publications: PostgresPublications) -> None:
    """At any mark, and for each topic by itself."""
    _publish(publications, EVENTS, (0, 1), (4, 2), (0, 3))
    _publish(publications, EXPORTS, (4, 2))
    assert publications.previous(EVENTS, 3) == {0: 3, 4: 2}
    assert publications.previous(EVENTS, 1) == {0: 1}
    assert publications.previous(EXPORTS, 3) == {4: 2}


def test_what_is_published_again_stays_as_it_was(publications: PostgresPublications) -> None:
    """After a topic was made anew its mark starts over; its publications do not."""
    mark = _publish(publications, EVENTS, (0, 1), (4, 2))
    assert publications.advance([Advance(EVENTS, mark, Mark(0, "id2"), ())])
    assert publications.advance([Advance(EVENTS, Mark(0, "id2"), Mark(2, "id2"), [(0, 1), (4, 2)])])
    assert publications.previous(EVENTS, 99) == {0: 1, 4: 2}


def test_pages_come_in_order_within_their_bounds(database: Any, log: PostgresEventLog) -> None:
    """So many events, and none begun beyond so many bytes; the first one always comes."""
    log.append([_register(10, "x" * BIG), _register(11, "y" * BIG)])
    with closing(PostgresAppendedEvents.connect(database.relay_url)) as appended:
        assert [each.position for each in appended.page(0, 3, 10**9)] == [1, 2, 3]
        assert [each.position for each in appended.page(4, 10, BIG)] == [5, 6]
        assert [each.position for each in appended.page(5, 10, 1)] == [6]
        assert appended.page(7, 10, 1) == []
        assert (appended.head(), appended.log_id()) == (7, log.log_id())


@pytest.mark.parametrize("organisation", ["", "磁 \u2028 Ltd."])
@pytest.mark.parametrize(
    "name", ["plain", 'a"b\\c/d', "".join(map(chr, range(1, 32))) + "\x7f\x85", "\u202e磁\U0001f9f2'%s"]
)
def test_messages_are_rendered_as_envelopes_are(
    database: Any, log: PostgresEventLog, name: str, organisation: str
) -> None:
    """Byte for byte, whatever the texts are, and with what may be left out or not."""
    event = GradeDefined(grade=name, family="NdFeB", ppm={"Nd": 270_000}, effective_from=date(2025, 1, 2))
    log.append(
        [
            Submission(
                command_id=uuid4(),
                actor=Actor(name, "exporter", organisation),
                correlation_id=uuid4(),
                causation_id=cause,
                guards={event.stream: version},
                events=[NewEvent(uuid4(), event, datetime(2025, 1, 2, 3, 4, 5, 60, tzinfo=UTC))],
            )
            for version, cause in enumerate((None, uuid4()))
        ]
    )
    with closing(PostgresAppendedEvents.connect(database.relay_url)) as appended:
        page = appended.page(0, 9, 10**9)
    events = log.read(0, 9)
    assert len(events) == 7
    assert [each[:3] for each in page] == [(each.position, each.type, each.key) for each in events]
    assert [each.opening + each.closing for each in page] == [encode(each, None, log.log_id()) for each in events]


def test_publications_beyond_a_mark_that_was_reset_stay(database: Any, publications: PostgresPublications) -> None:
    """What was recorded is not recorded again, what is new is, and afterwards everything is new."""
    mark = _publish(publications, EVENTS, (0, 1), (4, 2), (0, 4))
    assert publications.advance([Advance(EVENTS, mark, Mark(0, "anew"), ())])
    with closing(PostgresPublications.connect(database.relay_url, EVENTS, 12)) as later:
        _publish(later, EVENTS, (0, 1), (4, 2), (4, 3))
        _publish(later, EVENTS, (0, 4), (7, 5))
        _publish(later, EVENTS, (7, 6))
        assert later.previous(EVENTS, 99) == {0: 4, 4: 3, 7: 6}
    with psycopg.connect(database.admin_url) as admin:
        found = admin.execute("SELECT position, partition FROM lodestone.publications ORDER BY position").fetchall()
    assert found == [(1, 0), (2, 4), (3, 4), (4, 0), (5, 7), (6, 7)]


def test_an_append_wakes_the_relay(database: Any, log: PostgresEventLog) -> None:
    """Long before the wait is over."""
    with closing(PostgresAppendedEvents.connect(database.relay_url)) as appended:
        log.append([_register(6)])
        appended.wait(60.0)
        assert appended.head() == 6


def test_a_partition_is_read_back_from_the_store(
    database: Any, log: PostgresEventLog, publications: PostgresPublications
) -> None:
    """In order, in pages, up to a position, and only what was published to it."""
    _publish(publications, EVENTS, (3, 1), (5, 2), (3, 3), (3, 5))
    with closing(PostgresPublishedEvents.connect(database.projector_url, EVENTS)) as published:
        assert [each.position for each in published.of_partition(3, 0, None, 10)] == [1, 3, 5]
        assert [each.position for each in published.of_partition(3, 1, 4, 10)] == [3]
        assert [each.position for each in published.of_partition(3, 0, None, 2)] == [1, 3]
        assert published.of_partition(7, 0, None, 2) == []
        assert published.at([4, 2]) == [each for each in log.read(0, 9) if each.position in {2, 4}]
        assert (published.head(), published.log_id()) == (5, log.log_id())


def test_what_is_overdue_is_found(database: Any, log: PostgresEventLog, publications: PostgresPublications) -> None:
    """The highest published position that is old enough, of this partition, and not applied."""
    assert log.head() == 5
    _publish(publications, EVENTS, (3, 1), (5, 2), (3, 3))
    with closing(PostgresPublishedEvents.connect(database.projector_url, EVENTS)) as published:
        assert published.overdue(3, 0, 0.0) == 3
        assert published.overdue(3, 3, 0.0) is None
        assert published.overdue(5, 0, 0.0) == 2
        assert published.overdue(3, 0, 3600.0) is None


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("projector_url", "INSERT INTO lodestone.publications VALUES ('t', 1, 1)"),
        ("projector_url", "UPDATE lodestone.relay_marks SET position = 0"),
        ("reader_url", "INSERT INTO lodestone.relay_marks VALUES ('t', 1)"),
        ("relay_url", "UPDATE lodestone.publications SET partition = 1"),
        ("relay_url", "DELETE FROM lodestone.publications"),
        ("relay_url", "DELETE FROM lodestone.relay_marks"),
        ("relay_url", "DELETE FROM lodestone.events"),
    ],
)
def test_rights_are_least(database: Any, role: str, statement: str) -> None:
    """Nobody but the relay records publications, and nobody changes them."""
    with psycopg.connect(getattr(database, role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_a_lost_connection_says_so(publications: PostgresPublications, database: Any) -> None:
    """As the one error that is waited out."""
    assert publications.acquire()
    with _ended(database.admin_url, publications), pytest.raises(StoreUnavailable):
        publications.marks([EVENTS])


@contextmanager
def _ended(admin_url: str, publications: PostgresPublications) -> Iterator[None]:
    backend = publications._connection.info.backend_pid  # noqa: SLF001 - the connection that is to be cut
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", (backend,))
        yield


def _until(condition: Callable[[], bool]) -> None:
    """Ask until it holds; the test's own time limit ends it otherwise."""
    while not condition():
        pass
