"""The units that one process hosts: their position rows, their parked streams, and how they come forward."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from consumers.committing import Committer
from consumers.parking import sift
from consumers.ports import Message, Progress, ProjectionStore, PublishedEvents, Retry, Step
from consumers.positions import Positions, Taken, take
from domain.envelope import Envelope
from projections.ports import Projection

_PAGE_EVENTS = 1_000


class Units:
    """Everything that this process knows of its units; all of it can be forgotten and loaded again.

    The rows it knows are those that hold when what is in flight is committed.

    Args:
        projections: the units.
        store: the read models and their position rows.
        published: what the relay has published, for filling gaps.
        committer: how steps reach the store.
        stopped: tells whether the process is to end; a long gap is then left for the next one, at a page's end.
    """

    def __init__(
        self,
        projections: Sequence[Projection],
        store: ProjectionStore,
        published: PublishedEvents,
        committer: Committer,
        stopped: Callable[[], bool],
    ) -> None:
        self._projections = {each.name: each for each in projections}
        self._store = store
        self._published = published
        self._committer = committer
        self._stopped = stopped
        self._positions = Positions()
        self._parked: dict[str, set[str]] = {}

    def partitions(self) -> Collection[int]:
        """Give the partitions whose rows are known."""
        return self._positions.partitions()

    def lowest_offsets(self) -> Mapping[int, int]:
        """Give for each known partition where the slowest unit reads on."""
        return self._positions.lowest_offsets(self.partitions())

    def forget(self) -> None:
        """Know nothing any more, and have nothing in flight."""
        self._committer.abandon()
        self._positions = Positions()
        self._parked = {}

    def keep_only(self, partitions: Collection[int]) -> set[int]:
        """Forget the other partitions; give those that are known."""
        self._positions.keep_only(partitions)
        return set(self.partitions())

    def load(self, new: Collection[int], assigned: Collection[int], topic_id: str) -> Mapping[int, int]:
        """Load the rows of partitions that are new to us; give where to read on.

        An offset that belongs to another topic becomes 0; what was applied stays applied.

        Raises:
            Fenced: the rows moved meanwhile.
        """
        self.settle()
        units = self._projections.keys()
        rows = dict(self._store.progress(units, new))
        steps = [
            self._step(unit, partition, row, replace(row, next_offset=0, topic_id=topic_id))
            for (unit, partition), row in rows.items()
            if row.topic_id != topic_id
        ]
        parked = self._store.parked_streams(units, assigned)
        self._parked = {unit: set(parked.get(unit, ())) for unit in units}
        self._positions.rows |= rows
        self._commit(steps)
        return self._positions.lowest_offsets(new)

    def consume(self, batch: Mapping[int, Sequence[Message]]) -> None:
        """Apply what came, filling gaps from the store; the last of it may still be in flight.

        What the store does not list yet is left out; it comes with a later message, or when it is overdue.

        Raises:
            Fenced: the rows moved meanwhile; part of the batch may have been committed before.
        """
        while batch:
            steps: list[Step] = []
            rest: dict[int, Sequence[Message]] = {}
            for partition, messages in batch.items():
                taken = self._take(partition, messages)
                steps += [self._step(unit, partition, row, each.after, each.events) for unit, row, each in taken]
                gaps = [each.gap for _, _, each in taken if each.gap is not None]
                if gaps:
                    rest[partition] = messages[min(gaps) :]
            self._commit(steps)
            batch = {each: messages for each, messages in rest.items() if self._fill(each, messages)}

    def settle(self) -> None:
        """Wait until all that was applied is committed.

        Raises:
            Fenced: the rows moved meanwhile.
        """
        self._committer.settle()

    def read_overdue(self, partition: int, older_than_s: float) -> None:
        """Read from the store what was published long ago and never came."""
        until = self._published.overdue(partition, self._positions.lowest_position(partition), older_than_s)
        if until is not None:
            self._read_store(partition, until)

    def retry_parked(self) -> None:
        """Try the parked streams that somebody asked for again, at their original positions."""
        self.settle()
        for retry in self._store.retries(self._projections.keys(), self.partitions()):
            if (retry.unit, retry.partition) in self._positions.rows:
                self._retry(retry)

    def _take(self, partition: int, messages: Sequence[Message]) -> Sequence[tuple[str, Progress, Taken]]:
        """Take for each unit what it has not; units that stand at the same place take the same."""
        found: dict[Progress, Taken] = {}
        rows = self._positions.of_partition(partition)
        for row in rows.values():
            if row not in found:
                found[row] = take(messages, row)
        return [(unit, row, found[row]) for unit, row in rows.items()]

    def _retry(self, retry: Retry) -> None:
        events: list[Envelope] = []
        while len(events) < len(retry.positions):
            page = self._published.at(retry.positions[len(events) :])
            if not page:
                raise LookupError(f"parked positions of {retry.stream} are not in the store")
            events += page
        row = self._positions.rows[retry.unit, retry.partition]
        self._parked[retry.unit].discard(retry.stream)
        step = self._step(retry.unit, retry.partition, row, row, events)
        self._commit([replace(step, unpark=retry.stream)])

    def _fill(self, partition: int, messages: Sequence[Message]) -> bool:
        """Read what is missing before the first message; say whether it is all there now."""
        self._read_store(partition, messages[0].previous)
        return self._positions.lowest_position(partition) >= messages[0].previous

    def _read_store(self, partition: int, until: int) -> None:
        for unit in self._projections:
            row = self._positions.rows[unit, partition]
            while row.last_position < until:
                events = self._published.of_partition(partition, row.last_position, until, _PAGE_EVENTS)
                if not events:
                    break
                self._commit(
                    [self._step(unit, partition, row, replace(row, last_position=events[-1].position), events)]
                )
                row = self._positions.rows[unit, partition]
                if self._stopped():
                    break

    def _step(
        self, unit: str, partition: int, before: Progress, after: Progress, events: Sequence[Envelope] = ()
    ) -> Step:
        apply, park = sift(events, partition, self._parked.get(unit, set()), self._projections[unit].check)
        return Step(unit, partition, before, after, apply, park)

    def _commit(self, steps: Sequence[Step]) -> None:
        changing = [each for each in steps if each.before != each.after or each.unpark]
        if not changing:
            return
        self._committer.begin(changing)
        for each in changing:
            self._positions.rows[each.unit, each.partition] = each.after
