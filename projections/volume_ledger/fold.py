"""How entries come into the ledger."""

from collections.abc import Iterable

from projections.copying import escaped, escaped_or_null
from projections.entries import VolumeEntry
from projections.ports import Rows

_COLUMNS = (
    *("position", "ordinal", "business_date", "measure", "exporter", "client", "destination"),
    *("elements", "ng"),
)


def append_entries(rows: Rows, entries: Iterable[VolumeEntry]) -> None:
    """Append entries to the ledger; nothing there is ever changed."""
    rows.copy_text("volume_entries", _COLUMNS, "".join(map(_line, entries)))


def _line(entry: VolumeEntry) -> str:
    position, ordinal, measure, day, exporter, client, destination, amounts = entry
    # Symbols of elements, digits and USCCs need no escape.
    elements = ",".join([element or "NULL" for element in amounts])
    ng = ",".join(map(str, amounts.values()))
    return (
        f"{position}\t{ordinal}\t{day}\t{measure}\t{exporter}\t{escaped(client)}\t{escaped_or_null(destination)}"
        f"\t{{{elements}}}\t{{{ng}}}\n"
    )
