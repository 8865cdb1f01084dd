"""What the consumer loop needs from the outside."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.envelope import Envelope


class Message(NamedTuple):
    """One record of a partition, decoded.

    ``event`` is None where the value cannot be decoded as one of our CloudEvents; ``raw`` always holds it.
    """

    partition: int
    offset: int
    previous: int
    source: UUID | None
    event: Envelope | None
    raw: bytes
    error: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one read-model unit has come in one partition.

    Attributes:
        next_offset: where to read on; a hint that only holds for ``topic_id``.
        last_position: every message of this partition up to this position is applied or parked.
        generation: which set of tables it is true of; raised by a swap.
        topic_id: identity of the topic that ``next_offset`` belongs to, None before the first message.
    """

    next_offset: int
    last_position: int
    generation: int
    topic_id: str | None


class RecordSource(Protocol):
    """A member of a consumer group on the events topic. Passes ``tests/contract/test_record_source.py``."""

    def poll(self, timeout_s: float, max_records: int) -> Sequence[Message]:
        """Give what came, in order within each partition; empty when nothing did.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``; close it and make a new one.
        """
        ...

    def assignment(self) -> Collection[int]:
        """Give the partitions that are ours now."""
        ...

    def seek(self, offsets: Mapping[int, int]) -> None:
        """Read on from these offsets; partitions that are no longer ours are ignored."""
        ...

    def topic_id(self) -> str | None:
        """Ask the broker for the topic's identity; None while the topic does not exist."""
        ...

    def hint_committed(self, offsets: Mapping[int, int]) -> None:
        """Tell the group how far we are, for lag tools only; failures are logged, never raised."""
        ...

    def close(self) -> None:
        """Leave. Static members keep their assignment until the session ends."""
        ...


FOLLOWS_PARKED = "stream.parked"


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """An event that was not applied, with the reason; all later ones of its stream follow it."""

    partition: int
    stream: str
    position: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction does to one unit in one partition: compare ``before``, apply, set ``after``.

    ``unpark`` names the stream of a retry, whose parked events are taken out first: those that now go through
    stand in ``apply``, at their original positions, and the rest stands in ``park`` again; the step has no others.
    """

    unit: str
    partition: int
    before: Progress
    after: Progress
    apply: Sequence[Envelope]
    park: Sequence[ParkedEvent]
    unpark: str | None = None

    @property
    def positions(self) -> Sequence[int]:
        """Give the positions of what is applied and parked, in order."""
        return sorted([*(each.position for each in self.apply), *(each.position for each in self.park)])

    @property
    def following(self) -> Collection[str]:
        """Give the streams that are parked here for no reason but that they were parked before."""
        reasons = {each.stream: each.code for each in reversed(self.park)}
        return {stream for stream, code in reasons.items() if code == FOLLOWS_PARKED}


@dataclass(frozen=True, slots=True)
class Retry:
    """A parked stream that somebody asked to be tried again, with all its parked positions, in order."""

    unit: str
    partition: int
    stream: str
    positions: Sequence[int]


Commit = Callable[[], bool]


class ProjectionStore(Protocol):
    """Read models with their positions and parked streams. Passes ``tests/contract/test_projection_store.py``.

    ``steps`` of one unit MAY cover several partitions; units and partitions stand beside each other untouched.
    """

    def progress(self, units: Collection[str], partitions: Collection[int]) -> Mapping[tuple[str, int], Progress]:
        """Give the position rows, one for each unit and partition; makes those that are missing (at zero)."""
        ...

    def parked_streams(self, units: Collection[str], partitions: Collection[int]) -> Mapping[str, Collection[str]]:
        """Give for each unit the streams that are parked in these partitions."""
        ...

    def retries(self, units: Collection[str], partitions: Collection[int]) -> Sequence[Retry]:
        """Give the parked streams with ``retry_asked``; parking such a stream again clears the flag."""
        ...

    def prepare(self, steps: Sequence[Step]) -> Commit:
        """Fold what steps apply, without a look at what is stored; give what commits it, once, in any thread.

        So one batch is folded while the one before it is being written.
        """
        ...

    def commit(self, steps: Sequence[Step]) -> bool:
        """Do all steps in one transaction. False, and nothing done, if any ``before`` is not the stored row.

        A retry leaves the row as it is, so what is parked is compared too: False, if a retry's parked events are
        not those that stand in ``apply`` and ``park``, or if a stream in ``following`` is not parked, because
        somebody else retried it meanwhile.

        Raises:
            StoreUnavailable: ``store.unavailable``; whether it was committed is unknown, reload the rows.
        """
        ...


class PublishedEvents(Protocol):
    """What the relay has published, read from the event store (never from the broker).

    Every adapter passes ``tests/contract/test_reading_on.py``.
    """

    def of_partition(self, partition: int, after: int, until: int | None, limit: int) -> Sequence[Envelope]:
        """Give events published to a partition with ``after < position <= until``, in order; MAY stop short."""
        ...

    def overdue(self, partition: int, after: int, older_than_s: float) -> int | None:
        """Give the highest published position of the partition beyond ``after`` recorded longer ago than this."""
        ...

    def at(self, positions: Sequence[int]) -> Sequence[Envelope]:
        """Give the events at these positions, in order of position; MAY stop short, never before the first."""
        ...

    def log_id(self) -> UUID:
        """Give the identity of the log."""
        ...

    def head(self) -> int:
        """Give the log's last position."""
        ...
