"""How much of each element left the country, per month and destination?"""

from projections.element_volumes.total import ELEMENT_VOLUMES
from projections.ports import Rows
from projections.volume_ledger.figures import ReadTotal, figures
from projections.volume_ledger.query import VolumeQuery, VolumeRow

_READ = ReadTotal(
    total=ELEMENT_VOLUMES,
    lines="destinations",
    line="destination",
    columns={
        "client": "NULL::text",
        "exporter": "NULL::text",
        "destination": "line.destination",
        "element": "v.element",
        "month": "v.month",
        "measure": "v.measure",
    },
)


def can_answer(query: VolumeQuery) -> bool:
    """Tell whether the question tells no clients apart: these totals know none."""
    return not query.names_clients


def volumes(rows: Rows, query: VolumeQuery, position: int) -> list[VolumeRow]:
    """Answer a question by element, month and destination, as known at a position."""
    return figures(rows, query, position, _READ)
