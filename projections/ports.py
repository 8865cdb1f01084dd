"""What the read side needs from the outside, and what a read model is."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from domain.envelope import Envelope


class Rows(Protocol):
    """A connection inside one transaction, with the search path on the schema of one read-model unit.

    The SQL lives in the projections, unqualified; the connection does not. Placeholders are psycopg's ``%s``
    and ``%(name)s``.
    """

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; give its rows, or an empty list where it returns none."""
        ...

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Copy rows into a table."""
        ...

    def copy_text(self, table: str, columns: Sequence[str], block: str) -> None:
        """Copy lines that are in COPY's text format already into a table."""
        ...


class Projection(Protocol):
    """One read-model unit: tables that change together, in one transaction, with one position row a partition."""

    @property
    def name(self) -> str:
        """Name the unit; also the stem of its schemas (``volumes`` lives in ``volumes_g1``)."""
        ...

    @property
    def read_models(self) -> Sequence[str]:
        """Name the folders it consists of."""
        ...

    def tables(self) -> str:
        """Give the DDL of the unit's tables, unqualified, without indexes and keys."""
        ...

    def indexes(self) -> str:
        """Give the DDL of their indexes and keys: a rebuild makes them when the tables are full."""
        ...

    def check(self, event: Envelope) -> None:
        """Raise if this event can never be folded. Pure.

        Raises:
            Unprojectable: with a stable code; the event's stream will be parked.
        """
        ...

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Fold events (in key order within each partition) and write the result, set-based.

        The effect MUST depend on the events alone, not on how they are cut into batches or interleaved
        between streams. Rows are only ever added, by ``copy`` and ``copy_text`` and nothing else: so parallel writers
        never wait for each other, and events may be folded before the transaction in which their rows are written.
        """
        ...

    def apply_late(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Do the same with events that were parked: others beyond them may be settled into totals already."""
        ...

    def settle(self, rows: Rows, cut: int) -> bool:
        """Write some of what can no longer change up to ``cut`` in a form that answers faster.

        It changes no answer. Tells whether there was any; a unit without totals has none.
        """
        ...


class Filling(Protocol):
    """Events of one range of positions on their way into new tables that nobody reads and nothing indexes yet."""

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Fold events of the range, in order."""
        ...

    def complete(self, rows: Rows, head: int) -> None:
        """Write what stands for the whole range; ``head`` is the last position that all ranges together have."""
        ...


class Unprojectable(Exception):
    """An event that no retry will make applicable (an unknown type or version, data that is not of its form)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
