"""Figures from totals and ledger together: exact at any position."""

from projections.ports import Rows
from projections.volume_ledger.filters import conditions, group_expressions
from projections.volume_ledger.query import VolumeQuery, VolumeRow

_COLUMNS = "client, exporter, element, month, destination, measure"


def figures(rows: Rows, query: VolumeQuery, position: int, totals: str) -> list[VolumeRow]:
    """Give one row for each group and measure as known at a position; groups that come to nothing are left out.

    Args:
        rows: reads in the answer's snapshot.
        query: the question.
        position: of the answer.
        totals: selects client, exporter, element, month, destination, measure and ng of the totals.
    """
    where, parameters = conditions(query)
    groups = [*group_expressions(query), "f.measure"]
    places = ", ".join(str(place) for place in range(1, len(groups) + 1))
    found = rows.execute(
        f"SELECT {', '.join(groups)}, sum(f.ng) FROM ({_source(query, totals)}) f"  # noqa: S608 - values are bound
        f" WHERE {where} GROUP BY {places} HAVING sum(f.ng) <> 0 ORDER BY {places}",
        {**parameters, "position": position, "as_of": query.as_of},
    )
    return [VolumeRow(keys=tuple(row[:-2]), measure=row[-2], ng=int(row[-1])) for row in found]


def _source(query: VolumeQuery, totals: str) -> str:
    if query.as_of is not None:
        # Totals know months, not days: as of a business date the ledger alone can tell.
        return (
            f"SELECT {_COLUMNS}, ng FROM volume_lines"  # noqa: S608 - constants only
            " WHERE position <= %(position)s AND business_date <= %(as_of)s"
        )
    return (
        f"{totals} UNION ALL SELECT {_COLUMNS}, -ng"  # noqa: S608 - constants only
        " FROM volume_lines WHERE position > %(position)s"
    )
