"""What read models have in common whose rows stand for themselves: nothing is added up, so nothing is settled."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from domain.envelope import Envelope
from projections.ddl import indexes_of, tables_of
from projections.decoding import Decoder
from projections.ports import Filling, Rows
from projections.rebuild import PlainFilling


class RowsAlone(ABC):
    """Implements ``Projection`` but for how events become rows.

    Attributes:
        folders: whose tables it keeps.
        positions: each table with its column for the position of the event that a row comes from.
    """

    name: str
    read_models: Sequence[str]
    folders: ClassVar[Sequence[str]]
    positions: ClassVar[Sequence[tuple[str, str]]]

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    @abstractmethod
    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append the rows of these events; see the port."""

    def tables(self) -> str:
        """Give the unit's tables."""
        return tables_of(*self.folders)

    def indexes(self) -> str:
        """Give their indexes and keys."""
        return indexes_of(*self.folders)

    def check(self, event: Envelope) -> None:
        """Raise ``Unprojectable`` if this event can never be folded."""
        self._decoder.event(event)

    def apply_late(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Do the same as ``apply``: no total is kept of these rows."""
        self.apply(rows, events)

    def settle(self, rows: Rows, cut: int) -> bool:  # noqa: ARG002 - nothing here is added up
        """Do nothing: there are no totals."""
        return False

    def filling(self) -> Filling:
        """Fill new tables as consumers fill live ones."""
        return PlainFilling(self)

    def filled(self, rows: Rows, head: int) -> None:  # noqa: B027 - not for subclasses to do either
        """Do nothing: rows stand for themselves."""

    def withdraw(self, rows: Rows, positions: Sequence[int]) -> None:
        """Take the rows of these events out."""
        for table, column in self.positions:
            rows.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (list(positions),))  # noqa: S608 - names of tables and columns of ours; values are bound
