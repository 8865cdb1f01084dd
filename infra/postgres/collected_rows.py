"""The ``Rows`` port for folding ahead: what is to be added is collected, and copied in a transaction later."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from infra.postgres.rows import PostgresRows


class CollectedRows:
    """Implements ``Rows`` for those who only add."""

    def __init__(self) -> None:
        self._copies: list[Callable[[PostgresRows], None]] = []

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Refuse.

        Raises:
            TypeError: always: a fold may neither read nor change what lies in its tables.
        """
        raise TypeError(f"a fold only adds rows: {sql} {parameters}")

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Collect rows."""
        found = list(rows)
        self._copies.append(lambda into: into.copy(table, columns, found))

    def copy_text(self, table: str, columns: Sequence[str], block: str) -> None:
        """Collect lines."""
        self._copies.append(lambda into: into.copy_text(table, columns, block))

    def copy_into(self, rows: PostgresRows) -> None:
        """Copy all of it, in the order in which it was collected."""
        for copy in self._copies:
            copy(rows)
