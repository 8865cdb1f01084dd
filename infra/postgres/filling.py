"""One range of positions of the store into the new tables of some units; the work of one process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import Connection

from domain.envelope import Actor, Envelope
from infra.postgres.connections import connect, translated
from infra.postgres.rows import PostgresRows, schema_of, use_schema
from projections.catalogue import catalogue
from projections.ports import Filling, Unprojectable
from projections.rebuild import CheckedProjection

_PAGE = 4_000
# What folds look at; ids, times and actors cost as much to read as all of it.
_EVENTS = """
SELECT position, stream, version, key, type, schema_version, data FROM lodestone.events
WHERE position > %s AND position <= %s ORDER BY position LIMIT %s
"""
_NOBODY = Actor("", "", "")


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
class Filled:
    """What came of a range: how many events it had, and by unit what was refused."""

    events: int = 0
    refused: dict[str, list[Refused]] = field(default_factory=dict)


def fill_range(task: RangeTask, projections: Mapping[str, CheckedProjection] | None = None) -> Filled:
    """Fold a range into every unit. Runs in a process of its own as well, which has projections of its own."""
    known = catalogue() if projections is None else projections
    filled = Filled()
    units = [_UnitRange(known[unit], generation) for unit, generation in task.generations.items()]
    with connect(task.url) as connection, translated():
        position = task.after
        while events := _page(connection, position, task.until):
            position = events[-1].position
            filled.events += len(events)
            with connection.transaction():
                for unit in units:
                    unit.apply(connection, events)
        with connection.transaction():
            for unit in units:
                unit.complete(connection, task.head)
    filled.refused = {unit.name: unit.refused for unit in units}
    return filled


class _UnitRange:
    """A range on its way into one unit."""

    def __init__(self, projection: CheckedProjection, generation: int) -> None:
        self.name = projection.name
        self.refused: list[Refused] = []
        self._check = projection.check
        self._filling: Filling = projection.filling()
        self._schema = schema_of(projection.name, generation)
        self._streams: set[str] = set()

    def apply(self, connection: Connection, events: Sequence[Envelope]) -> None:
        applicable = [each for each in events if self._applicable(each)]
        use_schema(connection, self._schema)
        self._filling.apply(PostgresRows(connection), applicable)

    def complete(self, connection: Connection, head: int) -> None:
        use_schema(connection, self._schema)
        self._filling.complete(PostgresRows(connection), head)

    def _applicable(self, event: Envelope) -> bool:
        if event.stream in self._streams:
            return False
        try:
            self._check(event)
        except Unprojectable as error:
            self._streams.add(event.stream)
            self.refused.append(Refused(event.stream, event.position, error.code, str(error)))
            return False
        return True


def _page(connection: Connection, after: int, until: int) -> list[Envelope]:
    rows = connection.execute(_EVENTS, (after, until, _PAGE), binary=True)
    return [
        Envelope(position, stream, version, key, "", kind, schema_version, "", "", _NOBODY, "", "", None, data)
        for position, stream, version, key, kind, schema_version, data in rows
    ]
