"""Publishes what was appended, in order, and records what it published.

At least once on the way out: after any failure the tail is sent again from the mark, with the same ``previous``
of every message, so that readers drop it. One relay is active at a time; a second one waits for the lock. Safety
does not rest on the lock: marks are compared and set.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event as Flag
from time import monotonic
from typing import NamedTuple

import structlog

from application.backoff import Backoff
from application.ports import StoreUnavailable
from application.publishing import (
    Advance,
    Appended,
    AppendedEvents,
    BrokerUnavailable,
    Mark,
    Outgoing,
    Publications,
    Publisher,
    Sending,
    refuse_foreign,
)

_log = structlog.get_logger(__name__)

Belongs = Callable[[Appended], bool]

# Pages on their way while the next one is read.
_AHEAD = 1

# The public feed: what leaves the country, and what takes it back.
EXPORT_TYPES = frozenset({"shipment.exported", "shipment.voided", "shipment.corrected"})


def is_export(event: Appended) -> bool:
    """Say whether an event belongs into the public feed."""
    return event.type in EXPORT_TYPES


@dataclass(frozen=True, slots=True)
class RelayPace:
    """How much at once, and how often to look.

    Attributes:
        page_events: events of one page at most.
        page_bytes: a page ends with the event that reaches this many bytes of data, so memory stays bounded: at most
            three pages are held, one of them read ahead.
        poll_s: look for new events this often, whether or not a notification came.
        identity_s: ask for the topics' identities this often while nothing happens.
        standby_s: try again for the lock this often.
    """

    page_events: int = 5_000
    page_bytes: int = 8 * 1024 * 1024
    poll_s: float = 0.5
    identity_s: float = 2.0
    standby_s: float = 1.0


class Relay:
    """The loop.

    Args:
        appended: makes a reader of the log.
        publications: makes the record of what was published, on a connection of its own.
        publisher: makes the way to the topics.
        topics: topic -> which events belong into it.
        pace: how much and how often.
    """

    def __init__(
        self,
        appended: Callable[[], AppendedEvents],
        publications: Callable[[], Publications],
        publisher: Callable[[], Publisher],
        topics: Mapping[str, Belongs],
        pace: RelayPace = RelayPace(),
    ) -> None:
        self._appended = appended
        self._publications = publications
        self._publisher = publisher
        self._topics = topics
        self._pace = pace
        self._backoff = Backoff()

    def run(self, stop: Flag) -> None:
        """Publish until told to stop; losing the broker or the store is waited out.

        Raises:
            TopicRefused: ``kafka.foreign_topic``, ``kafka.wrong_partitions``.
        """
        while not stop.is_set():
            try:
                self._hold_lock_and_publish(stop)
            except (BrokerUnavailable, StoreUnavailable) as error:
                delay = self._backoff.next_s()
                _log.warning("relay interrupted", code=error.code, reason=str(error), retry_in_s=delay)
                stop.wait(delay)

    def _hold_lock_and_publish(self, stop: Flag) -> None:
        with closing(self._publications()) as publications:
            if not publications.acquire():
                stop.wait(self._pace.standby_s)
                return
            with closing(self._publisher()) as publisher, closing(self._appended()) as appended:
                session = Session(appended, publications, publisher, self._topics, self._pace)
                while session.turn():
                    self._backoff.reset()
                    if stop.is_set():
                        session.finish()
                        return


class _Page(NamedTuple):
    """What was sent and is not recorded yet; ``position`` is its last event's."""

    messages: Sequence[Outgoing]
    position: int
    sending: Sending


class Session:
    """One stretch with the lock held, the same topics, and the same producer.

    Raises:
        TopicRefused: ``kafka.foreign_topic``, ``kafka.wrong_partitions``.
    """

    def __init__(
        self,
        appended: AppendedEvents,
        publications: Publications,
        publisher: Publisher,
        topics: Mapping[str, Belongs],
        pace: RelayPace,
    ) -> None:
        self._appended = appended
        self._publications = publications
        self._publisher = publisher
        self._topics = topics
        self._pace = pace
        self._log_id = appended.log_id()
        self._ids = publisher.topic_ids(tuple(topics))
        self._refuse_foreign_topics()
        self._marks = self._settle_marks()
        self._previous = {topic: dict(publications.previous(topic, self._marks[topic].position)) for topic in topics}
        self._ids_read_at = monotonic()
        self._read_to = min(mark.position for mark in self._marks.values())
        self._on_the_way: deque[_Page] = deque()

    def turn(self) -> bool:
        """Publish a page, or wait for one. False if topics or marks changed under us: begin a new session.

        While a page is on its way the next one is read and sent; what fails takes with it all that followed.
        """
        page = self._appended.page(self._read_to, self._pace.page_events, self._pace.page_bytes)
        if page:
            self._on_the_way.append(self._send(page))
            self._read_to = page[-1].position
        more = len(page) == self._pace.page_events
        while len(self._on_the_way) > (_AHEAD if more else 0):
            if not self._settle(self._on_the_way.popleft(), at_once=not more):
                return False
        if page:
            return True
        self._appended.wait(self._pace.poll_s)
        return monotonic() - self._ids_read_at < self._pace.identity_s or self._same_topics()

    def finish(self) -> None:
        """Record what is on its way, so that a clean stop sends nothing twice."""
        while self._on_the_way and self._settle(self._on_the_way.popleft(), at_once=True):
            pass

    def _send(self, page: Sequence[Appended]) -> _Page:
        messages = [message for topic in self._topics for message in self._messages(topic, page)]
        return _Page(messages, page[-1].position, self._publisher.send(messages))

    def _messages(self, topic: str, page: Sequence[Appended]) -> list[Outgoing]:
        belongs, mark, previous = self._topics[topic], self._marks[topic], self._previous[topic]
        messages = []
        for event in page:
            if event.position > mark.position and belongs(event):
                partition = self._publisher.partition_of(event.key)
                messages.append(Outgoing(topic, partition, previous.get(partition, 0), event))
                previous[partition] = event.position
        return messages

    def _settle(self, page: _Page, *, at_once: bool) -> bool:
        page.sending.confirm(at_once=at_once)
        return self._same_topics() and self._record(page)

    def _record(self, page: _Page) -> bool:
        advances = [
            Advance(
                topic=topic,
                before=mark,
                after=replace(mark, position=max(mark.position, page.position)),
                publications=[(each.partition, each.event.position) for each in page.messages if each.topic == topic],
            )
            for topic, mark in self._marks.items()
        ]
        if not self._publications.advance(advances):
            _log.warning("another relay has moved the marks; beginning again from them")
            return False
        self._marks = {each.topic: each.after for each in advances}
        return True

    def _same_topics(self) -> bool:
        same = self._publisher.topic_ids(tuple(self._topics)) == self._ids
        if not same:
            _log.warning("a topic was made anew; all of it is sent again")
        self._ids_read_at = monotonic()
        return same

    def _refuse_foreign_topics(self) -> None:
        origins = self._publisher.origins(tuple(self._topics))
        head = self._appended.head()
        for each in origins:
            refuse_foreign(each.topic, each.source, each.position, self._log_id, head)

    def _settle_marks(self) -> Mapping[str, Mark]:
        marks = dict(self._publications.marks(tuple(self._topics)))
        moved = [
            Advance(topic, mark, Mark(0, self._ids[topic]), ())
            for topic, mark in marks.items()
            if mark.topic_id != self._ids[topic]
        ]
        if moved and not self._publications.advance(moved):
            raise StoreUnavailable("the relay's marks changed while they were read")
        return marks | {each.topic: each.after for each in moved}
