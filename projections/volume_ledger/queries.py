"""Why a figure is what it is: the ledger entries behind it."""

from projections.ports import Rows
from projections.volume_ledger.filters import filters_of
from projections.volume_ledger.query import ExplainedEntry, Explanation, VolumeQuery

# Stream, type and time of recording stand in the store alone, and are read in the same snapshot.
_ENTRIES = """
SELECT entry.position, event.stream, event.type, entry.business_date, event.recorded_at, entry.ng
FROM (
    SELECT e.position, e.business_date, sum(line.ng) AS ng
    FROM volume_entries e CROSS JOIN LATERAL unnest(e.elements, e.ng) AS line (element, ng)
    WHERE e.position <= %(position)s AND {conditions}
    GROUP BY e.position, e.business_date HAVING sum(line.ng) <> 0) AS entry
JOIN lodestone.events event ON event.position = entry.position
ORDER BY entry.position, entry.business_date
"""


def explain(rows: Rows, query: VolumeQuery, position: int) -> Explanation:
    """Give the entries behind one figure as known at a position; entries that come to nothing are left out."""
    filters = filters_of(rows, query, position)
    found = rows.execute(
        _ENTRIES.format(conditions=filters.on_ledger()), {**filters.parameters(), "position": position}
    )
    entries = tuple(
        ExplainedEntry(place, stream, kind, day, recorded_at, int(ng))
        for place, stream, kind, day, recorded_at, ng in found
    )
    return Explanation(ng=sum(each.ng for each in entries), rows=entries)
