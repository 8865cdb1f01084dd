"""How much of each element did each client buy and get shipped, per month?"""

from projections.ports import Rows
from projections.volume_ledger.figures import figures
from projections.volume_ledger.query import VolumeQuery, VolumeRow

_TOTALS = "SELECT client, exporter, element, month, destination, measure, ng FROM client_volumes"


def volumes(rows: Rows, query: VolumeQuery, position: int) -> list[VolumeRow]:
    """Answer any question about volumes, as known at a position."""
    return figures(rows, query, position, _TOTALS)
