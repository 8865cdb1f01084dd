"""Why a figure is what it is: the ledger entries behind it."""

from projections.ports import Rows
from projections.volume_ledger.filters import conditions
from projections.volume_ledger.query import ExplainedEntry, Explanation, VolumeQuery


def explain(rows: Rows, query: VolumeQuery, position: int) -> Explanation:
    """Give the entries behind one figure as known at a position; entries that come to nothing are left out."""
    where, parameters = conditions(query)
    found = rows.execute(
        "SELECT f.position, f.stream, f.type, f.business_date, f.recorded_at, sum(f.ng)"  # noqa: S608 - values are bound
        " FROM volume_lines f WHERE f.position <= %(position)s"
        f" AND (%(as_of)s::date IS NULL OR f.business_date <= %(as_of)s) AND {where}"
        " GROUP BY f.position, f.stream, f.type, f.business_date, f.recorded_at HAVING sum(f.ng) <> 0"
        " ORDER BY f.position, f.business_date",
        {**parameters, "position": position, "as_of": query.as_of},
    )
    entries = tuple(
        ExplainedEntry(place, stream, kind, day, recorded_at, int(ng))
        for place, stream, kind, day, recorded_at, ng in found
    )
    return Explanation(ng=sum(each.ng for each in entries), rows=entries)
