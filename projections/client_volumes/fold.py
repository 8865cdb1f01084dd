"""How entries come into blocks of the total by client."""

from collections import defaultdict
from collections.abc import Iterable

from projections.blocks import size_of
from projections.copying import escaped, escaped_or_null, text_array
from projections.entries import VolumeEntry
from projections.ports import Rows

_COLUMNS = ("level", "block", "client", "exporter", "destination", "month", "measure", "elements", "ng")

_Cell = tuple[int, str, str, str | None, str, str]


class ClientBlocks:
    """Adds entries up in blocks of one level.

    Args:
        level: of the blocks.
    """

    def __init__(self, level: int) -> None:
        self._level = level
        self._size = size_of(level)
        self._cells: dict[_Cell, dict[str | None, int]] = {}

    def add(self, entries: Iterable[VolumeEntry]) -> None:
        """Add entries to their blocks."""
        size, cells = self._size, self._cells
        for entry in entries:
            block = (entry.position - 1) // size
            key = (block, entry.client, entry.exporter, entry.destination, entry.month, entry.measure)
            cell = cells.get(key)
            if cell is None:
                cell = cells[key] = defaultdict(int)
            for element, ng in entry.ng.items():
                cell[element] += ng

    def write(self, rows: Rows, blocks: int) -> None:
        """Write those of the first so many blocks, and forget them all."""
        lines = [
            f"{self._level}\t{block}\t{escaped(client)}\t{exporter}\t{escaped_or_null(destination)}\t{month}\t{measure}"
            f"\t{text_array(amounts)}\t{{{','.join(map(str, amounts.values()))}}}\n"
            for (block, client, exporter, destination, month, measure), amounts in self._cells.items()
            if block < blocks
        ]
        self._cells.clear()
        if lines:
            rows.copy_text("client_volumes", _COLUMNS, "".join(lines))
