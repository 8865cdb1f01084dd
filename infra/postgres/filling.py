"""One range of positions of the store into the new tables of some units; the work of one process."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from psycopg import Connection

from domain.envelope import Actor, Envelope
from infra.postgres.connections import connect, translated
from infra.postgres.rows import PostgresRows, schema_of, use_schema
from projections.catalogue import catalogue
from projections.ports import Filling, Unprojectable
from projections.rebuild import CheckedProjection
from projections.stated import Weights, stated_in_range

_PAGE = 4_000
# What folds look at; ids, times and actors cost as much to read as all of it.
_EVENTS = """
SELECT position, stream, version, key, type, schema_version, data FROM lodestone.events
WHERE position > %s AND position <= %s ORDER BY position LIMIT %s
"""
_NOBODY = Actor("", "", "")
# Nobody waits for the disk before the swap, which makes durable whatever was written before it; a rebuild that is
# killed begins anew.
UNAWAITED = "SET synchronous_commit = off"


@dataclass(frozen=True, slots=True)
class RangeTask:
    """What one process does at a time.

    Attributes:
        url: of the projector.
        generations: unit -> the generation that is filled.
        after: the range begins behind it.
        until: the range's last position.
        head: the last position of all ranges.
    """

    url: str
    generations: Mapping[str, int]
    after: int
    until: int
    head: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The first event of a stream within a range that can never be folded."""

    stream: str
    position: int
    code: str
    message: str


@dataclass(slots=True)
class FilledUnit:
    """What came of ranges in one unit.

    Attributes:
        refused: the first of each stream and range.
        left_out: positions of these and of all that follow them in their stream and range.
        stated: what the others state.
    """

    refused: list[Refused] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    stated: Weights = field(default_factory=Counter)

    def add(self, other: "FilledUnit") -> None:
        """Take in what came of other ranges."""
        self.refused += other.refused
        self.left_out |= other.left_out
        self.stated.update(other.stated)


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a range: how many events it had, and what by unit."""

    events: int
    units: Mapping[str, FilledUnit]


def fill_range(task: RangeTask, projections: Mapping[str, CheckedProjection] | None = None) -> Filled:
    """Fold a range into every unit. Runs in a process of its own as well, which has projections of its own."""
    known = catalogue() if projections is None else projections
    done = 0
    units = [_UnitRange(known[unit], generation) for unit, generation in task.generations.items()]
    with _uncollected(), connect(task.url) as connection, translated():
        connection.execute(UNAWAITED)
        position = task.after
        while events := _page(connection, position, task.until):
            position = events[-1].position
            done += len(events)
            with connection.transaction():
                for unit in units:
                    unit.apply(connection, events)
        with connection.transaction():
            for unit in units:
                unit.complete(connection, task.head)
        with connection.transaction():
            _add_stated(connection, task, units)
    return Filled(done, {unit.name: unit.filled for unit in units})


class _UnitRange:
    """A range on its way into one unit."""

    def __init__(self, projection: CheckedProjection, generation: int) -> None:
        self.name = projection.name
        self.filled = FilledUnit()
        self.stated = projection.stated()
        self._check = projection.check
        self._filling: Filling = projection.filling()
        self._schema = schema_of(projection.name, generation)
        self._streams: set[str] = set()

    def apply(self, connection: Connection, events: Sequence[Envelope]) -> None:
        use_schema(connection, self._schema)
        self._filling.apply(PostgresRows(connection), self._sift(events))

    def complete(self, connection: Connection, head: int) -> None:
        use_schema(connection, self._schema)
        self._filling.complete(PostgresRows(connection), head)

    def _sift(self, events: Sequence[Envelope]) -> Sequence[Envelope]:
        """Leave out what cannot be folded; a page that can, whole, stays the same page."""
        if not self._streams:
            with suppress(Unprojectable):  # whatever it is, it is met again below
                for each in events:
                    self._check(each)
                return events
        return [each for each in events if self._applicable(each)]

    def _applicable(self, event: Envelope) -> bool:
        if event.stream in self._streams:
            self.filled.left_out.add(event.position)
            return False
        try:
            self._check(event)
        except Unprojectable as error:
            self._streams.add(event.stream)
            self.filled.refused.append(Refused(event.stream, event.position, error.code, str(error)))
            self.filled.left_out.add(event.position)
            return False
        return True


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare looking for cycles: what a range makes has none, is much, and was looked through again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _add_stated(connection: Connection, task: RangeTask, units: Sequence[_UnitRange]) -> None:
    """Add up what the range states, at once for all units that have left out the same."""
    for left_out in {frozenset(unit.filled.left_out) for unit in units}:
        alike = [unit for unit in units if unit.filled.left_out == left_out]
        sums = [each for unit in alike for each in unit.stated]
        weights = stated_in_range(PostgresRows(connection), sums, task.after, task.until, left_out)
        for unit in alike:
            names = {each.what for each in unit.stated}
            unit.filled.stated = Counter({place: weight for place, weight in weights.items() if place[0] in names})


def _page(connection: Connection, after: int, until: int) -> list[Envelope]:
    rows = connection.execute(_EVENTS, (after, until, _PAGE), binary=True).fetchall()
    return [
        Envelope(position, stream, version, key, "", kind, schema_version, "", "", _NOBODY, "", "", None, data)
        for position, stream, version, key, kind, schema_version, data in rows
    ]
