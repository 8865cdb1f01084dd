"""A new generation of a read-model unit, filled from the store beside the live one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Self

from psycopg import Connection

from domain.envelope import Envelope
from infra.kafka.partitioning import partition_of
from infra.postgres.connections import connect, translated
from infra.postgres.envelopes import ENVELOPE_COLUMNS, envelope
from infra.postgres.generations import drop_generation, ensure_generations, generation_of, make_generation, make_indexes
from infra.postgres.rows import PostgresRows, schema_of, use_schema
from projections.ports import Unprojectable
from projections.rebuild import CheckedProjection, rebuild_unit

_PAGE = 5_000
_EVENTS = (
    f"SELECT {ENVELOPE_COLUMNS} FROM lodestone.events"  # noqa: S608 - a constant
    " WHERE position > %s AND position <= %s ORDER BY position LIMIT %s"
).encode()
_PARK = """
INSERT INTO lodestone.parked (unit, generation, partition, stream, position, code, message)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
# Partitions that no consumer has had yet get their row here, so that nothing before the swap is applied twice.
_SWAP = """
INSERT INTO lodestone.progress (unit, partition, next_offset, last_position, generation, topic_id)
SELECT %(unit)s, partition, 0, %(position)s, %(generation)s, NULL FROM generate_series(0, %(partitions)s - 1) partition
ON CONFLICT (unit, partition) DO UPDATE SET last_position = excluded.last_position, generation = excluded.generation
"""
_OLDER_PARKED = "DELETE FROM lodestone.parked WHERE unit = %s AND generation < %s"


class RebuildRunning(Exception):
    """Another rebuild of this unit is at work. ``rebuild.running``."""

    code = "rebuild.running"


class PostgresNewGeneration:
    """Implements ``NewGeneration``: tables that nobody reads before the swap.

    Args:
        connection: of the projector, in autocommit.
        projection: the unit.
        partitions: of the events topic.
    """

    def __init__(self, connection: Connection, projection: CheckedProjection, partitions: int) -> None:
        self._connection = connection
        self._projection = projection
        self._partitions = partitions
        self._position = 0
        self._parked: set[str] = set()
        self._generation = generation_of(connection, projection.name) + 1
        with connection.transaction():
            connection.execute(
                "DELETE FROM lodestone.parked WHERE unit = %s AND generation = %s", (projection.name, self._generation)
            )
            make_generation(connection, projection, self._generation)

    def fill(self, limit: int) -> int:
        """Fold the next events of the store."""
        with translated(), self._connection.transaction():
            return self._fold(self._head(), limit)

    def position(self) -> int:
        """Give up to where it is filled."""
        return self._position

    def complete(self) -> None:
        """Make indexes and keys, and settle up to here."""
        with translated(), self._connection.transaction():
            make_indexes(self._connection, self._projection, self._generation)
        while self._settle():
            pass

    def differences(self, statements: Sequence[str]) -> Sequence[str]:
        """Ask each statement at the current position."""
        asked = {"position": self._position, "unit": self._projection.name, "generation": self._generation}
        found: list[str] = []
        for statement in statements:
            with translated(), self._connection.transaction():
                use_schema(self._connection, schema_of(self._projection.name, self._generation))
                found += [str(row) for row in PostgresRows(self._connection).execute(statement, asked)]
        return found

    def swap(self) -> None:
        """Make this generation the live one; the old one is dropped when that is done."""
        unit, generation = self._projection.name, self._generation
        with translated(), self._connection.transaction():
            # Nobody can move the unit's positions now; whoever waits for them finds another generation.
            self._connection.execute("SELECT FROM lodestone.read_models WHERE unit = %s FOR UPDATE", (unit,))
            self._connection.execute(
                "SELECT FROM lodestone.progress WHERE unit = %s ORDER BY partition FOR UPDATE", (unit,)
            )
            head = self._head()
            while self._fold(head, _PAGE):
                pass
            at = {"unit": unit, "position": head, "generation": generation, "partitions": self._partitions}
            self._connection.execute(_SWAP, at)
            self._connection.execute(
                "UPDATE lodestone.read_models SET generation = %s WHERE unit = %s", (generation, unit)
            )
            self._connection.execute(_OLDER_PARKED, (unit, generation))
        with translated():
            drop_generation(self._connection, unit, generation - 1)

    def discard(self) -> None:
        """Drop the new tables, unless they went live before what failed."""
        with translated(), self._connection.transaction():
            if generation_of(self._connection, self._projection.name) >= self._generation:
                return
            drop_generation(self._connection, self._projection.name, self._generation)
            self._connection.execute(
                "DELETE FROM lodestone.parked WHERE unit = %s AND generation = %s",
                (self._projection.name, self._generation),
            )

    def _settle(self) -> bool:
        with translated(), self._connection.transaction():
            use_schema(self._connection, schema_of(self._projection.name, self._generation))
            return self._projection.settle(PostgresRows(self._connection), self._position)

    def _head(self) -> int:
        row = self._connection.execute("SELECT coalesce(max(position), 0) FROM lodestone.events").fetchone()
        return int(row[0]) if row else 0

    def _fold(self, until: int, limit: int) -> int:
        rows = self._connection.execute(_EVENTS, (self._position, until, limit)).fetchall()
        events = [envelope(row) for row in rows]
        if events:
            applicable = [each for each in events if self._applicable(each)]
            use_schema(self._connection, schema_of(self._projection.name, self._generation))
            self._projection.apply(PostgresRows(self._connection), applicable)
            self._position = events[-1].position
        return len(events)

    def _applicable(self, event: Envelope) -> bool:
        """Tell whether an event goes through; park it, and all later ones of its stream, if not."""
        code, message = "stream.parked", "an earlier event of the stream is parked"
        if event.stream not in self._parked:
            try:
                self._projection.check(event)
            except Unprojectable as error:
                code, message = error.code, str(error)
            else:
                return True
        self._parked.add(event.stream)
        where = (self._projection.name, self._generation, partition_of(event.key), event.stream, event.position)
        self._connection.execute(_PARK, (*where, code, message))
        return False


class Rebuilder:
    """Rebuilds units as the projector role, one after another."""

    def __init__(self, connection: Connection, projections: Mapping[str, CheckedProjection], partitions: int) -> None:
        self._connection = connection
        self._projections = projections
        self._partitions = partitions

    @classmethod
    def connect(cls, url: str, projections: Mapping[str, CheckedProjection], partitions: int) -> Self:
        """Open by the projector's URL (errors as ``connections.connect``)."""
        connection = connect(url)
        with translated():
            ensure_generations(connection, projections.values())
        return cls(connection, projections, partitions)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def rebuild(self, units: Sequence[str], on_progress: Callable[[str, int, int], None]) -> list[tuple[str, int]]:
        """Rebuild units; give each read model's name and how many events its new tables were checked with.

        Args:
            units: names of units.
            on_progress: is told the unit, the position reached and the head.

        Raises:
            RebuildMismatch: ``rebuild.mismatch``; the old tables stay.
            RebuildRunning: ``rebuild.running``.
        """
        checked: list[tuple[str, int]] = []
        for unit in units:
            self._lock(unit)
            projection = self._projections[unit]
            new = PostgresNewGeneration(self._connection, projection, self._partitions)
            rebuilt = rebuild_unit(projection, new, _towards(self._head(), on_progress), _PAGE)
            checked += [(model, rebuilt.events_checked) for model in rebuilt.read_models]
        return checked

    def _lock(self, unit: str) -> None:
        row = self._connection.execute(
            "SELECT pg_try_advisory_lock(hashtext('lodestone.rebuild'), hashtext(%s))", (unit,)
        ).fetchone()
        if not (row and row[0]):
            raise RebuildRunning(f"another rebuild of {unit} is at work")

    def _head(self) -> int:
        row = self._connection.execute("SELECT coalesce(max(position), 0) FROM lodestone.events").fetchone()
        return int(row[0]) if row else 0


def _towards(head: int, on_progress: Callable[[str, int, int], None]) -> Callable[[str, int], None]:
    # Events that are appended meanwhile move the goal.
    return lambda unit, position: on_progress(unit, position, max(head, position))
