"""The ``ProjectionStore`` port on PostgreSQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Self

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from consumers.ports import Commit, ParkedEvent, Progress, Retry, Step
from infra.postgres.collected_rows import CollectedRows
from infra.postgres.connections import open_pool, translated
from infra.postgres.generations import ensure_generations, generation_of, refuse_outdated
from infra.postgres.rows import PostgresRows, schema_of, use_schema
from projections.ports import Projection

# Every writer locks the rows in the same order, so that no two wait in a ring.
_LOCK = """
SELECT p.unit, p.partition, p.next_offset, p.last_position, p.generation, p.topic_id
FROM lodestone.progress p JOIN unnest(%s::text[], %s::smallint[]) AS step (unit, partition)
    ON p.unit = step.unit AND p.partition = step.partition
ORDER BY p.unit, p.partition FOR UPDATE OF p
"""
_SET = """
UPDATE lodestone.progress p SET next_offset = step.next_offset, last_position = step.last_position,
    generation = step.generation, topic_id = step.topic_id
FROM unnest(%s::text[], %s::smallint[], %s::bigint[], %s::bigint[], %s::integer[], %s::text[])
    AS step (unit, partition, next_offset, last_position, generation, topic_id)
WHERE p.unit = step.unit AND p.partition = step.partition
"""
_RETRIES = """
SELECT k.unit, k.partition, k.stream, array_agg(k.position ORDER BY k.position)
FROM lodestone.parked k JOIN lodestone.read_models m ON m.unit = k.unit AND m.generation = k.generation
WHERE k.unit = ANY(%s) AND k.partition = ANY(%s)
GROUP BY k.unit, k.partition, k.stream HAVING bool_or(k.retry_asked) ORDER BY k.unit, min(k.position)
"""
_ROW = ("next_offset", "last_position", "generation", "topic_id")
_UNPARK = "DELETE FROM lodestone.parked WHERE unit = %s AND generation = %s AND stream = %s RETURNING position"
_STILL_PARKED = """
SELECT count(DISTINCT stream) FROM lodestone.parked WHERE unit = %s AND generation = %s AND stream = ANY(%s)
"""
_PARK = """
INSERT INTO lodestone.parked (unit, generation, partition, stream, position, code, message)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class PostgresProjectionStore:
    """Read models and what is true of them, in one transaction a batch.

    Args:
        pool: connections of the projector; closed with this.
        projections: unit name -> projection.
    """

    def __init__(self, pool: ConnectionPool, projections: Mapping[str, Projection]) -> None:
        self._pool = pool
        self._projections = projections

    @classmethod
    def connect(cls, url: str, projections: Mapping[str, Projection]) -> Self:
        """Open by the projector's URL, making tables that are missing (errors as ``connections.connect``).

        Raises:
            OutdatedTables: ``read_model.outdated``.
        """
        pool = open_pool(url, max_size=2)
        try:
            with translated(), pool.connection() as connection:
                ensure_generations(connection, projections.values())
                refuse_outdated(connection, projections.values())
        except BaseException:
            pool.close()
            raise
        return cls(pool, projections)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def progress(self, units: Collection[str], partitions: Collection[int]) -> Mapping[tuple[str, int], Progress]:
        """Give the position rows, making those that are missing."""
        with translated(), self._pool.connection() as connection:
            for unit in units:
                connection.execute(
                    "INSERT INTO lodestone.progress SELECT %s, unnest(%s::smallint[]), 0, 0, generation, NULL"
                    " FROM lodestone.read_models WHERE unit = %s ON CONFLICT DO NOTHING",
                    (unit, list(partitions), unit),
                )
            rows = connection.execute(
                "SELECT unit, partition, next_offset, last_position, generation, topic_id FROM lodestone.progress"
                " WHERE unit = ANY(%s) AND partition = ANY(%s)",
                (list(units), list(partitions)),
            ).fetchall()
        return {(row[0], row[1]): Progress(*row[2:]) for row in rows}

    def parked_streams(self, units: Collection[str], partitions: Collection[int]) -> Mapping[str, Collection[str]]:
        """Give for each unit the streams that are parked in its present generation."""
        parked: dict[str, set[str]] = {unit: set() for unit in units}
        with translated(), self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT k.unit, k.stream FROM lodestone.parked k"
                " JOIN lodestone.read_models m ON m.unit = k.unit AND m.generation = k.generation"
                " WHERE k.unit = ANY(%s) AND k.partition = ANY(%s)",
                (list(units), list(partitions)),
            ).fetchall()
        for unit, stream in rows:
            parked[unit].add(stream)
        return parked

    def retries(self, units: Collection[str], partitions: Collection[int]) -> Sequence[Retry]:
        """Give the parked streams that somebody asked to be tried again."""
        with translated(), self._pool.connection() as connection:
            rows = connection.execute(_RETRIES, (list(units), list(partitions))).fetchall()
        return [Retry(unit, partition, stream, tuple(positions)) for unit, partition, stream, positions in rows]

    def prepare(self, steps: Sequence[Step]) -> Commit:
        """Fold; what is given compares, copies and sets, all or nothing."""
        by_unit = [_UnitSteps(self._projections[unit], of_unit) for unit, of_unit in _by_unit(steps).items()]
        return lambda: self._commit(steps, by_unit)

    def commit(self, steps: Sequence[Step]) -> bool:
        """Prepare and commit."""
        return self.prepare(steps)()

    def _commit(self, steps: Sequence[Step], by_unit: Sequence["_UnitSteps"]) -> bool:
        with translated(), self._pool.connection() as connection, connection.transaction() as transaction:
            done = _compare_and_set(connection, steps) and all(_fits(connection, step) for step in steps)
            if not done:
                raise psycopg.Rollback(transaction)
            for of_unit in by_unit:
                of_unit.write(connection)
        return done


class _UnitSteps:
    """What some steps do to the tables of one unit, folded."""

    def __init__(self, projection: Projection, steps: Sequence[Step]) -> None:
        self._projection = projection
        self._rows = CollectedRows()
        events = [event for step in steps if not step.unpark for event in step.apply]
        if events:
            projection.apply(self._rows, events)
        self._late = [event for step in steps if step.unpark for event in step.apply]
        self._park = [parked for step in steps for parked in step.park]

    def write(self, connection: Connection) -> None:
        """Write into the generation that is in use; late events see what is settled, so they are folded here."""
        unit = self._projection.name
        generation = generation_of(connection, unit)
        use_schema(connection, schema_of(unit, generation))
        rows = PostgresRows(connection)
        self._rows.copy_into(rows)
        if self._late:
            self._projection.apply_late(rows, self._late)
        for parked in self._park:
            connection.execute(_PARK, _parked_row(unit, generation, parked))


def _compare_and_set(connection: Connection, steps: Sequence[Step]) -> bool:
    before = {(step.unit, step.partition): step.before for step in steps}
    columns = [list(column) for column in zip(*before, strict=True)]
    found = {(row[0], row[1]): Progress(*row[2:]) for row in connection.execute(_LOCK, columns)}
    if found != before:
        return False
    connection.execute(_SET, [*columns, *([getattr(step.after, name) for step in steps] for name in _ROW)])
    return True


def _fits(connection: Connection, step: Step) -> bool:
    return _still_parked(connection, step) and _unpark(connection, step)


def _still_parked(connection: Connection, step: Step) -> bool:
    """Tell whether every stream whose events only follow parked ones is parked: a retry may have opened it."""
    following = sorted(step.following)
    if not following:
        return True
    found = connection.execute(_STILL_PARKED, (step.unit, step.before.generation, following)).fetchone()
    return found == (len(following),)


def _unpark(connection: Connection, step: Step) -> bool:
    """Take the stream of a retry out; False where it is not parked as it was, since another retry was first."""
    if step.unpark is None:
        return True
    taken = connection.execute(_UNPARK, (step.unit, step.before.generation, step.unpark)).fetchall()
    return sorted(position for (position,) in taken) == step.positions


def _by_unit(steps: Sequence[Step]) -> Mapping[str, list[Step]]:
    units: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        units[step.unit].append(step)
    return units


def _parked_row(unit: str, generation: int, parked: ParkedEvent) -> tuple[object, ...]:
    return (unit, generation, parked.partition, parked.stream, parked.position, parked.code, parked.message)
