"""Figures from settled totals and the rest of the ledger together: exact at any position."""

from collections.abc import Mapping
from dataclasses import dataclass

from projections.blocks import Cover, cover
from projections.ports import Rows
from projections.volume_ledger.filters import Filters, filters_of
from projections.volume_ledger.query import VolumeQuery, VolumeRow
from projections.volume_ledger.settled import Total, settled_blocks

_BLOCKS = """
SELECT {client} AS client, {exporter} AS exporter, {destination} AS destination, {element} AS element,
       {month} AS month, {measure} AS measure, line.ng
FROM unnest(%(levels)s::smallint[], %(blocks)s::bigint[]) AS chosen (level, block)
JOIN {table} v ON v.level = chosen.level AND v.block = chosen.block
CROSS JOIN LATERAL unnest(v.{lines}, v.ng) AS line ({line}, ng)
WHERE {conditions}
"""
_LEDGER = """
SELECT e.client, e.exporter, e.destination, line.element, to_char(e.business_date, 'YYYY-MM'), e.measure, line.ng
FROM volume_entries e CROSS JOIN LATERAL unnest(e.elements, e.ng) AS line (element, ng)
WHERE {places} AND {conditions}
"""
_REST = "e.position > %(until)s AND e.position <= %(position)s"
# What settled totals leave out of a month of which only a part counts.
_PART = "e.position <= %(until)s AND e.business_date >= %(part_from)s"
# Who a client was at the answer's position; an LEI learned later does not move what was known before.
_PARTY = (
    "coalesce((SELECT p.party FROM client_party p WHERE p.client = f.client AND p.from_position <= %(position)s"
    " ORDER BY p.from_position DESC LIMIT 1), f.client)"
)


@dataclass(frozen=True, slots=True)
class ReadTotal:
    """How a total in blocks is read.

    Attributes:
        total: which one.
        lines: its array column beside ``ng``.
        line: what one of these is.
        columns: the words of a question, and ``month`` -> SQL on ``v`` (the table) and ``line``.
    """

    total: Total
    lines: str
    line: str
    columns: Mapping[str, str]


def figures(rows: Rows, query: VolumeQuery, position: int, read: ReadTotal) -> list[VolumeRow]:
    """Give one row for each group and measure as known at a position; groups that come to nothing are left out."""
    filters = filters_of(rows, query, position)
    covered = cover(position, settled_blocks(rows)[read.total.name])
    found = rows.execute(_statement(query, filters, read), {**filters.parameters(), **_places(covered, position)})
    return [VolumeRow(keys=tuple(row[:-2]), measure=row[-2], ng=int(row[-1])) for row in found]


def _statement(query: VolumeQuery, filters: Filters, read: ReadTotal) -> str:
    sources = [
        _BLOCKS.format(
            **read.columns,
            table=read.total.name,
            lines=read.lines,
            line=read.line,
            conditions=filters.on_blocks(read.columns),
        ),
        _LEDGER.format(places=_REST, conditions=filters.on_ledger()),
    ]
    if filters.span.part_from is not None:
        sources.append(_LEDGER.format(places=_PART, conditions=filters.on_ledger()))
    rows = " UNION ALL ".join(sources)
    if "party" in query.by:
        rows = _by_client(query, rows)
    groups = [*(_PARTY if name == "party" else f"f.{name}" for name in query.by), "f.measure"]
    places = ", ".join(str(place) for place in range(1, len(groups) + 1))
    return (
        f"SELECT {', '.join(groups)}, sum(f.ng) FROM ({rows}) f"  # noqa: S608 - values are bound
        f" GROUP BY {places} HAVING sum(f.ng) <> 0 ORDER BY {places}"
    )


def _by_client(query: VolumeQuery, rows: str) -> str:
    """Add up by client first, so that a client's party is looked up once and not for every row."""
    keys = ", ".join(dict.fromkeys(["client", *(name for name in query.by if name != "party"), "measure"]))
    return f"SELECT {keys}, sum(ng) AS ng FROM ({rows}) e GROUP BY {keys}"  # noqa: S608 - names of dimensions


def _places(covered: Cover, position: int) -> dict[str, object]:
    return {
        "levels": [block.level for block in covered.blocks],
        "blocks": [block.number for block in covered.blocks],
        "until": covered.until,
        "position": position,
    }
