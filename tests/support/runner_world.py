"""A consumer's loop with everything around it in memory, whose clock the test turns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event as Flag

from consumers.ports import Message, Progress
from consumers.runner import ConsumerPace, Runner
from tests.support.consuming import (
    FakeProjection,
    MemoryPublished,
    MemorySource,
    MemoryStore,
)
from tests.support.envelopes import an_event

EVENTS = [an_event(1, "s"), an_event(4, "t"), an_event(6, "s"), an_event(9, "t")]
QUICK = ConsumerPace(look_around_s=2.0, overdue_s=10.0)

# Every batch is in flight while the next is polled.
OVERLAPPING = replace(QUICK, overlap_records=0)


class World:
    """A runner with everything around it; each poll takes a second."""

    def __init__(
        self,
        records: Sequence[Message],
        projections: Sequence[FakeProjection] | None = None,
        pace: ConsumerPace = QUICK,
    ) -> None:
        self.published = MemoryPublished({0: EVENTS})
        self.store = MemoryStore()
        self.projections = projections or [FakeProjection()]
        self.sources = [MemorySource({0: records})]
        self.connected: list[MemorySource] = []
        self.now = 0.0
        self.pace = pace

    def run(self, polls: int, at: dict[int, Callable[[], None]] | None = None) -> None:
        """Run for so many polls; ``at`` does something before one of them."""
        stop, left = Flag(), [polls]

        def before_poll() -> None:
            self.now += 1.0
            done = polls - left[0]
            left[0] -= 1
            if left[0] <= 0:
                stop.set()
            (at or {}).get(done, lambda: None)()

        def connect() -> MemorySource:
            source = self.sources.pop(0) if len(self.sources) > 1 else self.sources[0]
            source.before_poll = before_poll
            self.connected.append(source)
            return source

        Runner(self.projections, connect, self.store, self.published, pace=self.pace, clock=lambda: self.now).run(stop)

    def applied(self, unit: str = "volumes") -> list[int]:
        """Give the positions that a unit was given, in order."""
        return [each.position for each in self.store.applied.get(unit, [])]

    def row(self, unit: str = "volumes") -> Progress:
        """Give a unit's position row of partition 0."""
        return self.store.rows[unit, 0]
