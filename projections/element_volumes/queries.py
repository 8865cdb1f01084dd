"""How much of each element left the country, per month and destination?"""

from projections.ports import Rows
from projections.volume_ledger.figures import figures
from projections.volume_ledger.query import VolumeQuery, VolumeRow

_TOTALS = (
    "SELECT NULL::text AS client, NULL::text AS exporter, element, month, destination, measure, ng FROM element_volumes"
)


def can_answer(query: VolumeQuery) -> bool:
    """Tell whether the question tells no clients apart: these totals know none."""
    return not query.names_clients


def volumes(rows: Rows, query: VolumeQuery, position: int) -> list[VolumeRow]:
    """Answer a question by element, month and destination, as known at a position."""
    return figures(rows, query, position, _TOTALS)
