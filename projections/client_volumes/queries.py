"""How much of each element did each client buy and get shipped, per month?"""

from projections.client_volumes.total import CLIENT_VOLUMES
from projections.ports import Rows
from projections.volume_ledger.figures import figures
from projections.volume_ledger.query import VolumeQuery, VolumeRow
from projections.volume_ledger.sources import total_source

_WORDS = ("client", "exporter", "destination", "month", "measure")
_SOURCE = total_source(CLIENT_VOLUMES.name, "elements", "element", _WORDS)


def volumes(rows: Rows, query: VolumeQuery, position: int) -> list[VolumeRow]:
    """Answer any question about volumes, as known at a position."""
    return figures(rows, query, position, CLIENT_VOLUMES.name, _SOURCE)
