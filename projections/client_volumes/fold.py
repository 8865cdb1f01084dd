"""How entries come into blocks of the total by client."""

from collections import defaultdict
from collections.abc import Iterable

from projections.blocks import block_of
from projections.copying import escaped, escaped_or_null, text_array
from projections.entries import VolumeEntry
from projections.ports import Rows

_COLUMNS = ("level", "block", "client", "exporter", "destination", "month", "measure", "elements", "ng")

_Cell = tuple[int, str, str, str | None, str, str]


def add_to_clients(rows: Rows, level: int, entries: Iterable[VolumeEntry]) -> None:
    """Add entries to their blocks of a level."""
    cells: dict[_Cell, dict[str | None, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        block = block_of(entry.position, level)
        cell = cells[block, entry.client, entry.exporter, entry.destination, entry.month, entry.measure]
        for element, ng in entry.ng.items():
            cell[element] += ng
    rows.copy_text(
        "client_volumes",
        _COLUMNS,
        "".join(
            f"{level}\t{block}\t{escaped(client)}\t{exporter}\t{escaped_or_null(destination)}\t{month}\t{measure}"
            f"\t{text_array(amounts)}\t{{{','.join(map(str, amounts.values()))}}}\n"
            for (block, client, exporter, destination, month, measure), amounts in cells.items()
        ),
    )
