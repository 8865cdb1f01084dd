"""The consumer's ports in memory: a log, a topic that can lose and repeat messages, and read models."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from application.ports import StoreUnavailable
from consumers.ports import Commit, Message, Progress, Retry, Step
from domain.envelope import Envelope
from projections.ports import Rows, Unprojectable

LOG_ID = UUID("11111111-2222-4333-8444-555555555555")
OTHER_LOG_ID = UUID("99999999-2222-4333-8444-555555555555")


@dataclass
class FakeProjection:
    """Refuses the events whose positions are in ``poison``; folds nothing itself."""

    name: str = "volumes"
    read_models: Sequence[str] = ()
    poison: set[int] = field(default_factory=set)

    def tables(self) -> str:
        """No tables."""
        return ""

    def indexes(self) -> str:
        """No indexes."""
        return ""

    def check(self, event: Envelope) -> None:
        """Refuse poison."""
        if event.position in self.poison:
            raise Unprojectable("event.unknown_type", f"position {event.position} is poison")

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Never called: the store in memory only notes what it was given."""

    def apply_late(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Never called either."""

    def settle(self, rows: Rows, cut: int) -> bool:  # noqa: ARG002 - there is nothing to settle
        """Nothing to settle."""
        return False


class MemoryPublished:
    """What was published, by partition; everything in it is old enough to be overdue."""

    def __init__(self, partitions: Mapping[int, Sequence[Envelope]]) -> None:
        self.partitions = {number: list(events) for number, events in partitions.items()}
        self.identity = LOG_ID

    def of_partition(self, partition: int, after: int, until: int | None, limit: int) -> Sequence[Envelope]:
        """Give events of a partition in order."""
        events = self.partitions.get(partition, [])
        return [each for each in events if after < each.position and (until is None or each.position <= until)][:limit]

    def at(self, positions: Sequence[int]) -> Sequence[Envelope]:
        """Give the first of the events asked for: a page may always be short."""
        every = {each.position: each for events in self.partitions.values() for each in events}
        return [every[each] for each in sorted(positions) if each in every][:1]

    def overdue(self, partition: int, after: int, older_than_s: float) -> int | None:
        """Give the partition's last position beyond ``after``."""
        assert older_than_s > 0
        return max(
            (each.position for each in self.partitions.get(partition, []) if each.position > after), default=None
        )

    def log_id(self) -> UUID:
        """Give the log's identity."""
        return self.identity

    def head(self) -> int:
        """Give the last position."""
        return max((each.position for events in self.partitions.values() for each in events), default=0)


class MemoryStore:
    """Position rows and parked streams; notes in ``applied`` which positions each unit was given, in order."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Progress] = {}
        self.parked: list[tuple[str, int, str, int, str]] = []
        self.asked: set[str] = set()
        self.applied: dict[str, list[Envelope]] = {}
        self.failures: list[str] = []

    def progress(self, units: Collection[str], partitions: Collection[int]) -> Mapping[tuple[str, int], Progress]:
        """Give the rows, making those that are missing."""
        wanted = [(unit, partition) for unit in units for partition in partitions]
        return {each: self.rows.setdefault(each, Progress(0, 0, 1, None)) for each in wanted}

    def parked_streams(self, units: Collection[str], partitions: Collection[int]) -> Mapping[str, Collection[str]]:
        """Give the parked streams."""
        return {
            unit: {stream for each, partition, stream, _, _ in self.parked if each == unit and partition in partitions}
            for unit in units
        }

    def retries(self, units: Collection[str], partitions: Collection[int]) -> Sequence[Retry]:
        """Give the parked streams in ``asked``."""
        found: dict[tuple[str, int, str], list[int]] = {}
        for unit, partition, stream, position, _ in self.parked:
            if unit in units and partition in partitions and stream in self.asked:
                found.setdefault((unit, partition, stream), []).append(position)
        return [Retry(unit, partition, stream, tuple(sorted(at))) for (unit, partition, stream), at in found.items()]

    def prepare(self, steps: Sequence[Step]) -> Commit:
        """Keep the steps for later: there is nothing to fold."""
        return lambda: self.commit(steps)

    def commit(self, steps: Sequence[Step]) -> bool:
        """Compare and set; ``failures`` says how the next commits go wrong: before or after they are done."""
        failure = self.failures.pop(0) if self.failures else ""
        if failure == "before":
            raise StoreUnavailable("the connection was lost before the commit")
        if any(self.rows.get((each.unit, each.partition)) != each.before or self._outdated(each) for each in steps):
            return False
        for each in steps:
            self._do(each)
        if failure == "after":
            raise StoreUnavailable("the reply to the commit was lost")
        return True

    def swap(self, unit: str) -> None:
        """Raise the unit's generation, as a rebuild does that parks nothing."""
        self.parked = [each for each in self.parked if each[0] != unit]
        self.rows = {
            key: replace(row, generation=row.generation + 1) if key[0] == unit else row
            for key, row in self.rows.items()
        }

    def _outdated(self, step: Step) -> bool:
        streams = {each[2] for each in self.parked if each[0] == step.unit}
        if not streams.issuperset(step.following):
            return True
        parked = [each[3] for each in self.parked if (each[0], each[2]) == (step.unit, step.unpark)]
        return step.unpark is not None and sorted(parked) != step.positions

    def _do(self, step: Step) -> None:
        self.rows[step.unit, step.partition] = step.after
        if step.unpark is not None:
            self.parked = [each for each in self.parked if (each[0], each[2]) != (step.unit, step.unpark)]
            self.asked.discard(step.unpark)
        self.parked += [(step.unit, step.partition, each.stream, each.position, each.code) for each in step.park]
        self.applied.setdefault(step.unit, []).extend(step.apply)


class MemorySource:
    """A consumer of a scripted topic: each poll gives the next batch, after a seek the topic from there."""

    def __init__(self, records: Mapping[int, Sequence[Message]], topic_id: str = "topic-1") -> None:
        self.records = {number: list(messages) for number, messages in records.items()}
        self.identity: str | None = topic_id
        self.assigned = set(self.records)
        self.offsets = dict.fromkeys(self.records, 0)
        self.hints: list[Mapping[int, int]] = []
        self.seeks: list[Mapping[int, int]] = []
        self.closed = False
        self.before_poll: Callable[[], None] = lambda: None

    def poll(self, timeout_s: float, max_records: int) -> Sequence[Message]:
        """Give what follows the offsets, at most ``max_records``."""
        assert timeout_s >= 0.5
        self.before_poll()
        polled: list[Message] = []
        for number in sorted(self.assigned):
            start = self.offsets[number]
            waiting = [each for each in self.records[number] if each.offset >= start][: max_records - len(polled)]
            if waiting:
                self.offsets[number] = waiting[-1].offset + 1
            polled += waiting
        return polled

    def assignment(self) -> Collection[int]:
        """Give what is assigned."""
        return set(self.assigned)

    def seek(self, offsets: Mapping[int, int]) -> None:
        """Read on from there."""
        self.seeks.append(offsets)
        self.offsets |= offsets

    def topic_id(self) -> str | None:
        """Give the topic's identity."""
        return self.identity

    def hint_committed(self, offsets: Mapping[int, int]) -> None:
        """Note the hint."""
        self.hints.append(offsets)

    def close(self) -> None:
        """Note the end."""
        self.closed = True


def a_message(event: Envelope, previous: int, offset: int, partition: int = 0, source: UUID = LOG_ID) -> Message:
    """Make the record of an event."""
    return Message(partition, offset, previous, source, event, b"", None)


def chained(events: Sequence[Envelope], partition: int = 0) -> list[Message]:
    """Make the records of a partition as the relay writes them: each names the one before it."""
    before = [0, *(each.position for each in events)]
    return [a_message(each, before[n], n, partition) for n, each in enumerate(events)]
