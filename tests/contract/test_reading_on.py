"""What the log promises to the relay and to consumers, read on or read back: PostgreSQL's, and those of unit tests."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from application.ports import NewEvent, Submission
from application.publishing import Advance, Appended, AppendedEvents, Mark
from application.reading_ahead import ReadingAhead
from consumers.ports import PublishedEvents
from domain.envelope import Actor, Envelope
from domain.exporter.events import ExporterRegistered
from infra.kafka.cloudevents import encode
from infra.postgres.appended_events import PostgresAppendedEvents
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.publications import PostgresPublications
from infra.postgres.published_events import PostgresPublishedEvents
from tests.support.consuming import MemoryPublished
from tests.support.envelopes import an_event
from tests.support.relaying import MemoryAppended
from tests.support.services import Database

TOPIC = "t.events"
COUNT = 7
PLACED = {3: [1, 4, 5], 8: [2, 6]}  # 3 and 7 are appended, not published
PLENTY = 10**9


@dataclass(frozen=True)
class Log:
    """Seven events, five of them published."""

    events: Sequence[Envelope]
    appended: AppendedEvents
    published: PublishedEvents

    def as_messages(self, events: Sequence[Envelope]) -> list[tuple[int, str, str, bytes]]:
        """Give what the relay gets of events, as the wire has them."""
        return [(each.position, each.type, each.key, encode(each, None, self.appended.log_id())) for each in events]


def _whole(page: Sequence[Appended]) -> list[tuple[int, str, str, bytes]]:
    return [(each.position, each.type, each.key, each.opening + each.closing) for each in page]


class WholeLog(MemoryPublished):
    """Knows the head beyond what is published."""

    def head(self) -> int:
        """Give the last position."""
        return COUNT


def _submission(number: int) -> Submission:
    event = ExporterRegistered(uscc=f"{number:018d}", names=("Firm",), customs_code=None, region="999999")
    new = NewEvent(uuid4(), event, datetime.now(UTC))
    return Submission(uuid4(), Actor("li.wei", "exporter", ""), uuid4(), None, {event.stream: 0}, [new])


@pytest.fixture(params=["memory", "postgres", "read ahead"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    """The same log of each kind."""
    if request.param == "memory":
        events = [an_event(position) for position in range(1, COUNT + 1)]
        placed = {partition: [events[each - 1] for each in positions] for partition, positions in PLACED.items()}
        yield Log(events, MemoryAppended(events), WholeLog(placed))
        return
    database: Database = request.getfixturevalue("database")
    with ExitStack() as opened:
        filed = opened.enter_context(PostgresEventLog.connect(database.writer_url))
        filed.append([_submission(number) for number in range(COUNT)])
        relay = opened.enter_context(closing(PostgresPublications.connect(database.relay_url, TOPIC, 12)))
        page = [(partition, position) for partition, positions in PLACED.items() for position in positions]
        relay.marks([TOPIC])
        assert relay.advance([Advance(TOPIC, Mark(0, None), Mark(6, "id"), page)])
        appended: AppendedEvents = PostgresAppendedEvents.connect(database.relay_url)
        if request.param == "read ahead":
            appended = ReadingAhead(appended)
        yield Log(
            filed.read(0, COUNT),
            opened.enter_context(closing(appended)),
            opened.enter_context(closing(PostgresPublishedEvents.connect(database.projector_url, TOPIC))),
        )


def test_both_know_the_log(log: Log) -> None:
    """Its identity and its head, published or not."""
    assert log.appended.log_id() == log.published.log_id()
    assert log.appended.head() == log.published.head() == COUNT


def test_pages_go_on_from_a_position(log: Log) -> None:
    """In order, at most so many; empty at the end."""
    assert _whole(log.appended.page(0, 100, PLENTY)) == log.as_messages(log.events)
    assert _whole(log.appended.page(2, 3, PLENTY)) == log.as_messages(log.events[2:5])
    assert list(log.appended.page(COUNT, 3, PLENTY)) == []


def test_the_log_is_read_page_by_page(log: Log) -> None:
    """Full pages, the last one, and nothing after it."""
    pages = [log.appended.page(after, 3, PLENTY) for after in (0, 3, 6, COUNT)]
    assert [_whole(page) for page in pages] == [
        log.as_messages(log.events[first : first + 3]) for first in (0, 3, 6, 7)
    ]


def test_a_page_is_never_empty_for_its_bytes(log: Log) -> None:
    """It ends with the event that reaches them."""
    assert _whole(log.appended.page(3, 100, 1)) == log.as_messages([log.events[3]])


def test_a_partition_is_read_back_in_order(log: Log) -> None:
    """Only what was published to it, after a position and up to another, at most so many."""

    def positions(partition: int, after: int, until: int | None, limit: int = 100) -> list[int]:
        found = log.published.of_partition(partition, after, until, limit)
        assert all(each == log.events[each.position - 1] for each in found)
        return [each.position for each in found]

    assert [positions(3, 0, None), positions(8, 0, None), positions(0, 0, None)] == [[1, 4, 5], [2, 6], []]
    assert [positions(3, 1, 4), positions(3, 0, 3), positions(3, 5, None)] == [[4], [1], []]
    assert positions(3, 0, None, limit=2) == [1, 4]


def test_events_are_found_at_their_positions(log: Log) -> None:
    """From the first one on, in order; MAY be fewer, never none."""
    found = list(log.published.at([6, 2, 3]))
    assert found
    assert found == [log.events[1], log.events[2], log.events[5]][: len(found)]
    assert list(log.published.at([COUNT + 1])) == []


def test_what_is_published_long_ago_is_overdue(log: Log) -> None:
    """The last of the partition, unless everything of it is applied."""
    soon = 1e-6
    assert [log.published.overdue(partition, 0, soon) for partition in (3, 8, 0)] == [5, 6, None]
    assert [log.published.overdue(3, after, soon) for after in (4, 5)] == [5, None]
