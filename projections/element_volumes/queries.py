"""How much of each element left the country, per month and destination?"""

from projections.element_volumes.total import ELEMENT_VOLUMES
from projections.ports import Rows
from projections.volume_ledger.figures import figures
from projections.volume_ledger.query import VolumeQuery, VolumeRow
from projections.volume_ledger.sources import total_source

_SOURCE = total_source(ELEMENT_VOLUMES.name, "destinations", "destination", ("element", "month", "measure"))


def can_answer(query: VolumeQuery) -> bool:
    """Tell whether the question tells no clients apart: these totals know none."""
    return not query.names_clients


def volumes(rows: Rows, query: VolumeQuery, position: int) -> list[VolumeRow]:
    """Answer a question by element, month and destination, as known at a position."""
    return figures(rows, query, position, ELEMENT_VOLUMES.name, _SOURCE)
