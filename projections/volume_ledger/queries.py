"""Why a figure is what it is: the ledger entries behind it."""

from projections.ports import Rows
from projections.volume_ledger.filters import filters_of
from projections.volume_ledger.query import ExplainedEntry, Explanation, VolumeQuery
from projections.volume_ledger.sources import ledger_source

_SOURCE = ledger_source("r.position <= %(position)s")
# Stream, type and time of recording stand in the store alone, and are read in the same snapshot.
_ENTRIES = """
SELECT entry.position, event.stream, event.type, entry.business_date, event.recorded_at, entry.ng
FROM (SELECT position, business_date, sum(ng) AS ng FROM ({entries}) r
      GROUP BY position, business_date HAVING sum(ng) <> 0) AS entry
JOIN lodestone.events event ON event.position = entry.position
ORDER BY entry.position, entry.business_date
"""


def explain(rows: Rows, query: VolumeQuery, position: int) -> Explanation:
    """Give the entries behind one figure as known at a position; entries that come to nothing are left out."""
    filters = filters_of(rows, query, position)
    entries = _SOURCE.select(("position", "business_date"), filters)
    found = rows.execute(_ENTRIES.format(entries=entries), {**filters.parameters(), "position": position})
    explained = tuple(
        ExplainedEntry(place, stream, kind, day, recorded_at, int(ng))
        for place, stream, kind, day, recorded_at, ng in found
    )
    return Explanation(ng=sum(each.ng for each in explained), rows=explained)
