"""The consumer's loop: poll, decode, fold, commit. The effect of every event is exactly once.

What has been applied is known from the position rows alone, which are compared and set in the transaction that
writes the read models. Offsets are hints, duplicates are dropped, gaps are filled from the store.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from threading import Event as Flag
from time import monotonic

import structlog

from application.backoff import Backoff
from application.ports import StoreUnavailable
from application.publishing import BrokerUnavailable
from consumers.intake import Intake, TopicReplaced
from consumers.ports import Message, ProjectionStore, PublishedEvents, RecordSource
from consumers.units import Fenced, Units
from projections.ports import Projection

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ConsumerPace:
    """How much at once, and how often to look around.

    Attributes:
        poll_s: longest wait for records; below 0.5 the Kafka client cannot rejoin its group.
        max_records: of one poll and so of one transaction.
        look_around_s: topic identity, retries and overdue positions are looked at this often.
        overdue_s: what was published this long ago and is not applied while nothing comes is read from the store.
    """

    poll_s: float = 0.5
    max_records: int = 5_000
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

    def __init__(  # noqa: PLR0913 - four ports, the pace and the clock
        self,
        projections: Sequence[Projection],
        connect: Callable[[], RecordSource],
        store: ProjectionStore,
        published: PublishedEvents,
        *,
        pace: ConsumerPace = ConsumerPace(),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._connect = connect
        self._units = Units(projections, store, published)
        self._published = published
        self._pace = pace
        self._clock = clock
        self._backoff = Backoff()

    def run(self, stop: Flag) -> None:
        """Consume until told to stop; losing the broker or the store is waited out.

        Raises:
            TopicRefused: ``kafka.foreign_topic``.
        """
        while not stop.is_set():
            try:
                with closing(self._connect()) as source:
                    self._consume(source, stop)
            except TopicReplaced as change:
                _log.warning("the topic was made anew; reading it from its beginning", topic_id=change.topic_id)
            except (BrokerUnavailable, StoreUnavailable) as error:
                self._wait(error, stop)

    def _consume(self, source: RecordSource, stop: Flag) -> None:
        self._units.forget()
        member = Member(source, self._units, self._published, self._pace, self._clock)
        while not stop.is_set():
            try:
                member.turn()
                self._backoff.reset()
            except Fenced:
                _log.warning("somebody else has moved the position rows; reloading them")
                self._units.forget()
            except StoreUnavailable as error:
                # The member goes on polling, so that the group keeps it; what it polls meanwhile is dropped.
                self._units.forget()
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
        self._heard_at: dict[int, float] = {}
        self._look_around_at = clock() + pace.look_around_s

    def turn(self) -> None:
        """Poll once, and commit what came.

        Raises:
            Fenced: a compare-and-set failed; nothing of it was done.
            TopicReplaced: the topic is another one now.
        """
        messages = self._source.poll(self._pace.poll_s, self._pace.max_records)
        if self._clock() >= self._look_around_at:
            self._intake.require_same_topic()
        batch = self._of_known_partitions(messages)
        for partition in batch:
            self._heard_at[partition] = self._clock()
        self._units.consume(batch)
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

    def _look_around(self) -> None:
        self._units.retry_parked()
        for partition in self._units.partitions():
            if self._clock() - self._heard_at[partition] >= self._pace.overdue_s:
                self._units.read_overdue(partition, self._pace.overdue_s)
        self._source.hint_committed(self._units.lowest_offsets())
