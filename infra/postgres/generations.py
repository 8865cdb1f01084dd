"""Schemas of read models: one for each unit and generation, owned by the projector."""

import hashlib
from collections.abc import Iterable

import psycopg
from psycopg import Connection, sql

from infra.postgres.roles import LOGIN_ROLES
from infra.postgres.rows import schema_of, use_schema
from projections.ports import Projection

FIRST = 1
# The schema's name as `schema_of` makes it.
_USE = """
SELECT set_config('search_path', format('%%I', unit || '_g' || generation), true)
FROM lodestone.read_models WHERE unit = %s
"""
# The row is locked so that no swap drops the schema meanwhile.
_FORM_IN_USE = """
SELECT obj_description(to_regnamespace(format('%%I', unit || '_g' || generation)), 'pg_namespace')
FROM lodestone.read_models WHERE unit = %s FOR SHARE
"""


class OutdatedTables(Exception):
    """A unit's tables were made by another version of this program. ``read_model.outdated``."""

    code = "read_model.outdated"


def refuse_outdated(connection: Connection, projections: Iterable[Projection]) -> None:
    """Refuse to fold into tables of another form than these projections have.

    Raises:
        OutdatedTables: ``read_model.outdated``.
    """
    for projection in projections:
        with connection.transaction():
            row = connection.execute(_FORM_IN_USE, (projection.name,)).fetchone()
        if row is not None and row[0] != _form(projection):
            raise OutdatedTables(
                f"the tables of {projection.name} are of another version; run `lodestone rebuild` and start again"
            )


def ensure_generations(connection: Connection, projections: Iterable[Projection]) -> None:
    """Make the first generation of units that have none. The connection is the projector's, in autocommit."""
    for projection in projections:
        with connection.transaction():
            connection.execute("LOCK TABLE lodestone.read_models IN SHARE ROW EXCLUSIVE MODE")
            known = connection.execute(
                "SELECT generation FROM lodestone.read_models WHERE unit = %s", (projection.name,)
            ).fetchone()
            if known is None:
                make_generation(connection, projection, FIRST)
                make_indexes(connection, projection, FIRST)
                connection.execute("INSERT INTO lodestone.read_models VALUES (%s, %s)", (projection.name, FIRST))


def make_generation(connection: Connection, projection: Projection, generation: int) -> None:
    """Make a generation's empty tables, without indexes, for the reader too; what a killed rebuild left is dropped."""
    schema = schema_of(projection.name, generation)
    name, reader = sql.Identifier(schema), sql.Identifier(LOGIN_ROLES["reader"])
    drop_generation(connection, projection.name, generation)
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(_form(projection))))
    use_schema(connection, schema)
    connection.execute(projection.tables().encode())
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(name, reader))
    connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(name, reader))


def make_indexes(connection: Connection, projection: Projection, generation: int) -> None:
    """Make the indexes and keys of a generation's tables, within a transaction."""
    use_schema(connection, schema_of(projection.name, generation))
    connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    connection.execute(projection.indexes().encode())


def drop_generation(connection: Connection, unit: str, generation: int) -> None:
    """Drop a generation's schema, if it is there."""
    name = sql.Identifier(schema_of(unit, generation))
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))


def generation_of(connection: Connection, unit: str) -> int:
    """Give the generation that is in use.

    Raises:
        psycopg.errors.UndefinedTable: the unit has none; run the migrations and a consumer.
    """
    row = connection.execute("SELECT generation FROM lodestone.read_models WHERE unit = %s", (unit,)).fetchone()
    if row is None:
        raise psycopg.errors.UndefinedTable(f"read model {unit} has no tables yet; start a consumer")
    return int(row[0])


def use_generation(connection: Connection, unit: str) -> None:
    """Let unqualified names mean the unit's tables in use, until the transaction ends (errors as ``generation_of``)."""
    row = connection.execute(_USE, (unit,)).fetchone()
    if row is None:
        raise psycopg.errors.UndefinedTable(f"read model {unit} has no tables yet; start a consumer")


def _form(projection: Projection) -> str:
    """Name the form of a unit's tables: a changed column makes another."""
    return hashlib.sha256(f"{projection.tables()}{projection.indexes()}".encode()).hexdigest()
