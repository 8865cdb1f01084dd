"""The ``Rows`` port: one transaction of a psycopg connection, on the schema of one read-model generation."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection, sql


class PostgresRows:
    """Implements ``Rows``; the caller owns the transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows."""
        cursor = self._connection.execute(sql.encode(), parameters, binary=True)
        return cursor.fetchall() if cursor.description is not None else []

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Copy rows into a table."""
        with self._connection.cursor() as cursor, cursor.copy(_copy_into(table, columns)) as copy:
            for row in rows:
                copy.write_row(row)

    def copy_text(self, table: str, columns: Sequence[str], block: str) -> None:
        """Copy lines that are in COPY's text format already into a table."""
        with self._connection.cursor() as cursor, cursor.copy(_copy_into(table, columns)) as copy:
            copy.write(block)


def _copy_into(table: str, columns: Sequence[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def schema_of(unit: str, generation: int) -> str:
    """Name the schema that a generation of a unit lives in."""
    return f"{unit}_g{generation}"


def use_schema(connection: Connection, schema: str) -> None:
    """Let unqualified names mean this schema, until the transaction ends."""
    connection.execute("SELECT set_config('search_path', %s, true)", (f'"{schema}"',))
