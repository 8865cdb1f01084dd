"""How entries come into blocks of the total by element and destination."""

from collections import defaultdict
from collections.abc import Iterable

from projections.blocks import size_of
from projections.copying import escaped_or_null, text_array
from projections.entries import VolumeEntry
from projections.ports import Rows

_COLUMNS = ("level", "block", "element", "month", "measure", "destinations", "ng")


class ElementBlocks:
    """Adds entries up in blocks of one level.

    Args:
        level: of the blocks.
    """

    def __init__(self, level: int) -> None:
        self._level = level
        self._size = size_of(level)
        self._cells: dict[tuple[int, str, str], dict[str | None, dict[str | None, int]]] = {}

    def add(self, entries: Iterable[VolumeEntry]) -> None:
        """Add entries to their blocks."""
        size, cells = self._size, self._cells
        for entry in entries:
            key = ((entry.position - 1) // size, entry.month, entry.measure)
            by_element = cells.get(key)
            if by_element is None:
                by_element = cells[key] = defaultdict(lambda: defaultdict(int))
            destination = entry.destination
            for element, ng in entry.ng.items():
                by_element[element][destination] += ng

    def write(self, rows: Rows, blocks: int) -> None:
        """Write those of the first so many blocks, and forget them all."""
        lines = [
            f"{self._level}\t{block}\t{escaped_or_null(element)}\t{month}\t{measure}\t{text_array(amounts)}"
            f"\t{{{','.join(map(str, amounts.values()))}}}\n"
            for (block, month, measure), by_element in self._cells.items()
            if block < blocks
            for element, amounts in by_element.items()
        ]
        self._cells.clear()
        if lines:
            rows.copy_text("element_volumes", _COLUMNS, "".join(lines))
