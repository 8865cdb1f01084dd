"""A new generation of one unit: tables beside the live ones, that nobody reads before the swap."""

from collections.abc import Sequence

from psycopg import Connection, sql

from consumers.parking import FOLLOWS_MESSAGE, sift
from consumers.ports import FOLLOWS_PARKED
from infra.kafka.partitioning import partition_of
from infra.postgres.appended_events import read_head
from infra.postgres.connections import translated
from infra.postgres.envelopes import ENVELOPE_COLUMNS, envelope
from infra.postgres.filling import UNAWAITED, FilledUnit, Refused
from infra.postgres.generations import drop_generation, generation_of, make_generation, make_indexes
from infra.postgres.rows import PostgresRows, schema_of, use_schema
from projections.rebuild import CheckedProjection
from projections.stated import held_in, stated_by

_PAGE = 5_000
# Of what differs, in a message.
_NAMED = 5
_EVENTS = (
    f"SELECT {ENVELOPE_COLUMNS} FROM lodestone.events"  # noqa: S608 - only constants of ours are put in; values are bound
    " WHERE position > %s AND position <= %s ORDER BY position LIMIT %s"
).encode()
_OF_STREAM = """
SELECT position, key FROM lodestone.events WHERE stream = %s AND position BETWEEN %s AND %s ORDER BY version
"""
_PARK = """
INSERT INTO lodestone.parked (unit, generation, partition, stream, position, code, message)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_NOT_PARKED = "DELETE FROM lodestone.parked WHERE unit = %s AND generation = %s"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
# Partitions that no consumer has had yet get their row here, so that nothing before the swap is applied twice.
_SWAP = """
INSERT INTO lodestone.progress (unit, partition, next_offset, last_position, generation, topic_id)
SELECT %(unit)s, partition, 0, %(position)s, %(generation)s, NULL FROM generate_series(0, %(partitions)s - 1) partition
ON CONFLICT (unit, partition) DO UPDATE SET last_position = excluded.last_position, generation = excluded.generation
"""
_OLDER_PARKED = "DELETE FROM lodestone.parked WHERE unit = %s AND generation < %s"


class PostgresNewGeneration:
    """Implements ``NewGeneration``.

    Args:
        connection: of the projector, in autocommit.
        projection: the unit.
        partitions: of the events topic.
    """

    def __init__(self, connection: Connection, projection: CheckedProjection, partitions: int) -> None:
        self._connection = connection
        self._projection = projection
        self._unit = projection.name
        self._partitions = partitions
        self._position = 0
        self._filled = FilledUnit()
        self._parked: set[str] = set()
        self.generation = generation_of(connection, self._unit) + 1
        self._schema = schema_of(self._unit, self.generation)
        with translated():
            connection.execute(UNAWAITED)
        with translated(), connection.transaction():
            connection.execute(_NOT_PARKED, (self._unit, self.generation))
            make_generation(connection, projection, self.generation)

    def adopt(self, position: int, filled: FilledUnit) -> None:
        """Take over what ranges have filled up to a position."""
        self._position = position
        self._filled = filled

    def complete(self) -> None:
        """Make indexes and keys, set aside what is parked, and settle."""
        with translated(), self._connection.transaction():
            make_indexes(self._connection, self._projection, self.generation)
            rows = PostgresRows(self._connection)
            self._projection.filled(rows, self._position)
            late = self._park(self._filled.refused)
            if late:
                self._projection.withdraw(rows, late)
                folded = [position for position in late if position not in self._filled.left_out]
                self._filled.stated.subtract(stated_by(rows, self._projection.stated(), folded))
        while self._settle():
            pass
        self._analyse()

    def position(self) -> int:
        """Give up to where it is filled."""
        return self._position

    def differences(self) -> Sequence[str]:
        """Hold the tables against what the events up to the current position state; name some of what differs."""
        with translated(), self._connection.transaction():
            use_schema(self._connection, self._schema)
            weights = held_in(PostgresRows(self._connection), self._projection.held())
        weights.update(self._filled.stated)
        differing = sorted(place for place, weight in weights.items() if weight)
        return [f"{what}, positions from {first} on" for what, first in differing[:_NAMED]]

    def swap(self) -> None:
        """Make this generation the live one; the old one is dropped when that is done."""
        with translated():
            self._connection.execute("SET synchronous_commit = on")
        with translated(), self._connection.transaction():
            # Nobody can move the unit's positions now; whoever waits for them finds another generation.
            self._connection.execute("SELECT FROM lodestone.read_models WHERE unit = %s FOR UPDATE", (self._unit,))
            self._connection.execute(
                "SELECT FROM lodestone.progress WHERE unit = %s ORDER BY partition FOR UPDATE", (self._unit,)
            )
            head = read_head(self._connection)
            while self._fold(head):
                pass
            at = {"unit": self._unit, "generation": self.generation, "position": head, "partitions": self._partitions}
            self._connection.execute(_SWAP, at)
            self._connection.execute(
                "UPDATE lodestone.read_models SET generation = %s WHERE unit = %s", (self.generation, self._unit)
            )
            self._connection.execute(_OLDER_PARKED, (self._unit, self.generation))
        with translated():
            drop_generation(self._connection, self._unit, self.generation - 1)

    def discard(self) -> None:
        """Drop the new tables, unless they went live before what failed."""
        with translated(), self._connection.transaction():
            if generation_of(self._connection, self._unit) < self.generation:
                drop_generation(self._connection, self._unit, self.generation)
                self._connection.execute(_NOT_PARKED, (self._unit, self.generation))

    def _settle(self) -> bool:
        with translated(), self._connection.transaction():
            use_schema(self._connection, self._schema)
            return self._projection.settle(PostgresRows(self._connection), self._position)

    def _analyse(self) -> None:
        """Let the planner know what is there before anybody asks; also which pages an index answers for alone."""
        with translated():
            for (table,) in self._connection.execute(_TABLES, (self._schema,)).fetchall():
                name = sql.Identifier(self._schema, table)
                self._connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(name))

    def _park(self, refused: Sequence[Refused]) -> list[int]:
        """Park what was refused and all that follows it in its stream; give the positions of what follows.

        Ranges that came later could not know of it, and have folded what follows.
        """
        first: dict[str, Refused] = {}
        for each in sorted(refused, key=lambda one: one.position):
            first.setdefault(each.stream, each)
        late: list[int] = []
        for stream, cause in first.items():
            self._parked.add(stream)
            found = self._connection.execute(_OF_STREAM.encode(), (stream, cause.position, self._position)).fetchall()
            for position, key in found:
                code, message = (
                    (cause.code, cause.message) if position == cause.position else (FOLLOWS_PARKED, FOLLOWS_MESSAGE)
                )
                self._set_aside(partition_of(key), stream, position, code, message)
            late += [position for position, _ in found[1:]]
        return late

    def _fold(self, until: int) -> int:
        rows = self._connection.execute(_EVENTS, (self._position, until, _PAGE)).fetchall()
        events = [envelope(row) for row in rows]
        if events:
            applicable, parked = sift(events, 0, self._parked, self._projection.check)
            keys = {each.position: each.key for each in events}
            for each in parked:
                self._set_aside(partition_of(keys[each.position]), each.stream, each.position, each.code, each.message)
            use_schema(self._connection, self._schema)
            self._projection.apply(PostgresRows(self._connection), applicable)
            self._position = events[-1].position
        return len(events)

    def _set_aside(self, partition: int, stream: str, position: int, code: str, message: str) -> None:
        parameters = (self._unit, self.generation, partition, stream, position, code, message)
        self._connection.execute(_PARK, parameters)
