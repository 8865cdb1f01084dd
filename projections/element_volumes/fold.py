"""How entries come into blocks of the total by element and destination."""

from collections import defaultdict
from collections.abc import Iterable

from projections.blocks import block_of
from projections.copying import escaped_or_null, text_array
from projections.entries import VolumeEntry
from projections.ports import Rows

_COLUMNS = ("level", "block", "element", "month", "measure", "destinations", "ng")


def add_to_elements(rows: Rows, level: int, entries: Iterable[VolumeEntry]) -> None:
    """Add entries to their blocks of a level."""
    cells: dict[tuple[int, str, str], dict[str | None, dict[str | None, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    for entry in entries:
        by_element = cells[block_of(entry.position, level), entry.month, entry.measure]
        destination = entry.destination
        for element, ng in entry.ng.items():
            by_element[element][destination] += ng
    rows.copy_text(
        "element_volumes",
        _COLUMNS,
        "".join(
            f"{level}\t{block}\t{escaped_or_null(element)}\t{month}\t{measure}\t{text_array(amounts)}"
            f"\t{{{','.join(map(str, amounts.values()))}}}\n"
            for (block, month, measure), by_element in cells.items()
            for element, amounts in by_element.items()
        ),
    )
