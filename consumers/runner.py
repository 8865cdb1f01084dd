"""The consumer's loop: poll, decode, fold, commit. The effect of every event is exactly once.

While a consumer is behind, one batch is committed while the next is polled and decoded. While it keeps up, each is
committed at once and waited for.

What has been applied is known from the position rows alone, which are compared and set in the transaction that
writes the read models. Offsets are hints, duplicates are dropped, gaps are filled from the store.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Event as Flag
from time import monotonic

import structlog

from application.backoff import Backoff
from application.ports import StoreUnavailable
from application.publishing import BrokerUnavailable
from consumers.appetite import Appetite
from consumers.committing import Committer, Fenced
from consumers.intake import Intake, TopicReplaced
from consumers.ports import Message, ProjectionStore, PublishedEvents, RecordSource
from consumers.units import Units
from projections.ports import Projection

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ConsumerPace:
    """How much at once, and how often to look around.

    Attributes:
        poll_s: longest wait for records; below 0.5 the Kafka client cannot rejoin its group.
        max_records: of one poll and so of one transaction.
        max_bytes: of one poll, as far as the last one foretells; so memory stays bounded.
        overlap_records: a poll that brought so many is committed while the next one is awaited.
        look_around_s: topic identity, retries and overdue positions are looked at this often.
        overdue_s: what was published this long ago and is not applied is read from the store, when for as long nothing
            of its partition has come and no poll brought all that it may.
    """

    poll_s: float = 0.5
    max_records: int = 4_000
    max_bytes: int = 24 * 1024 * 1024
    overlap_records: int = 1_000
    look_around_s: float = 2.0
    overdue_s: float = 10.0


class Runner:
    """One member of the group, hosting some units: polled once, decoded once, folded by each.

    Args:
        projections: the units.
        connect: makes a member of the consumer group.
        store: the read models and their position rows.
        published: what the relay has published.
        pace: how much and how often.
        clock: seconds, never going back.
    """

    def __init__(  # noqa: PLR0913 - each is a port that tests replace by itself
        self,
        projections: Sequence[Projection],
        connect: Callable[[], RecordSource],
        store: ProjectionStore,
        published: PublishedEvents,
        *,
        pace: ConsumerPace = ConsumerPace(),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._projections = projections
        self._connect = connect
        self._store = store
        self._published = published
        self._pace = pace
        self._clock = clock
        self._backoff = Backoff()

    def run(self, stop: Flag) -> None:
        """Consume until told to stop; losing the broker or the store is waited out.

        Raises:
            TopicRefused: ``kafka.foreign_topic``.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="commit") as thread:
            committer = Committer(self._store, thread.submit)
            units = Units(self._projections, self._store, self._published, committer, stop.is_set)
            while not stop.is_set():
                try:
                    with closing(self._connect()) as source:
                        self._consume(source, units, stop)
                except TopicReplaced as change:
                    _log.warning("the topic was made anew; reading it from its beginning", topic_id=change.topic_id)
                except (BrokerUnavailable, StoreUnavailable) as error:
                    self._wait(error, stop)

    def _consume(self, source: RecordSource, units: Units, stop: Flag) -> None:
        units.forget()
        member = Member(source, units, self._published, self._pace, self._clock)
        while not stop.is_set():
            try:
                member.turn()
                self._backoff.reset()
            except Fenced:
                _log.warning("somebody else has moved the position rows; reloading them")
                units.forget()
            except StoreUnavailable as error:
                # The member goes on polling, so that the group keeps it; what it polls meanwhile is dropped.
                units.forget()
                self._wait(error, stop)

    def _wait(self, error: BrokerUnavailable | StoreUnavailable, stop: Flag) -> None:
        delay = self._backoff.next_s()
        _log.warning("consumer interrupted", code=error.code, reason=str(error), retry_in_s=delay)
        stop.wait(delay)


class Member:
    """One stretch with one connection to the group."""

    def __init__(
        self,
        source: RecordSource,
        units: Units,
        published: PublishedEvents,
        pace: ConsumerPace,
        clock: Callable[[], float],
    ) -> None:
        self._source = source
        self._units = units
        self._pace = pace
        self._clock = clock
        self._intake = Intake(source, published)
        self._appetite = Appetite(pace.max_records, pace.max_bytes)
        self._heard_at: dict[int, float] = {}
        self._look_around_at = clock() + pace.look_around_s

    def turn(self) -> None:
        """Poll once, and commit what came; a large batch stays in flight until the next turn.

        Raises:
            Fenced: a compare-and-set failed, of this batch or of the one before; nothing of it was done.
            TopicReplaced: the topic is another one now.
        """
        asked = self._appetite.records
        messages = self._source.poll(self._pace.poll_s, asked)
        self._appetite.saw(messages)
        if len(messages) >= asked:
            self._wait_for_their_turn()
        if self._clock() >= self._look_around_at:
            self._intake.require_same_topic()
        batch = self._of_known_partitions(messages)
        for partition in batch:
            self._heard_at[partition] = self._clock()
        self._units.consume(batch)
        if len(messages) < self._pace.overlap_records:
            self._units.settle()
        if self._clock() >= self._look_around_at:
            self._look_around()
            self._look_around_at = self._clock() + self._pace.look_around_s

    def _of_known_partitions(self, messages: Sequence[Message]) -> Mapping[int, Sequence[Message]]:
        assigned = set(self._source.assignment())
        known = self._units.keep_only(assigned)
        new = assigned - known
        if new:
            self._source.seek(self._units.load(new, assigned, self._intake.topic_id()))
            self._heard_at |= dict.fromkeys(new, self._clock())
        return self._intake.by_partition(messages, known)

    def _wait_for_their_turn(self) -> None:
        """Hold no silence against any partition while others have more to bring than a poll takes.

        The client hands out what it has fetched of one partition before the next: with a long way to catch up that is
        much more than ``overdue_s``, and reading it all from the store instead would take many times as long.
        """
        self._heard_at = dict.fromkeys(self._heard_at, self._clock())

    def _look_around(self) -> None:
        self._units.retry_parked()
        for partition in self._units.partitions():
            if self._clock() - self._heard_at[partition] >= self._pace.overdue_s:
                self._units.read_overdue(partition, self._pace.overdue_s)
        self._source.hint_committed(self._units.lowest_offsets())
