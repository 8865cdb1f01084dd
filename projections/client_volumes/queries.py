"""How much of each element did each client buy and get shipped, per month?"""

from projections.client_volumes.total import CLIENT_VOLUMES
from projections.ports import Rows
from projections.volume_ledger.figures import ReadTotal, figures
from projections.volume_ledger.query import VolumeQuery, VolumeRow

_READ = ReadTotal(
    total=CLIENT_VOLUMES,
    lines="elements",
    line="element",
    columns={
        "client": "v.client",
        "exporter": "v.exporter",
        "destination": "v.destination",
        "element": "line.element",
        "month": "v.month",
        "measure": "v.measure",
    },
)


def volumes(rows: Rows, query: VolumeQuery, position: int) -> list[VolumeRow]:
    """Answer any question about volumes, as known at a position."""
    return figures(rows, query, position, _READ)
