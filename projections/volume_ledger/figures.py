"""Figures from settled totals and the rest of the ledger together: exact at any position."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any

from projections.blocks import Cover, cover
from projections.ports import Rows
from projections.volume_ledger.filters import Filters, filters_of
from projections.volume_ledger.query import VolumeQuery, VolumeRow
from projections.volume_ledger.settled import settled_blocks
from projections.volume_ledger.sources import Source, ledger_source

# Few positions are left, which a plan made for any positions cannot know: it must not choose by date here.
_REST = ledger_source("r.position > %(until)s AND r.position <= %(position)s", "(r.business_date + 0)")
# What settled totals leave out of a month of which only a part counts.
_PART = ledger_source("r.position <= %(until)s AND r.business_date >= %(part_from)s")
# Who a client was at the answer's position; an LEI learned later does not move what was known before.
_PARTY = (
    "coalesce((SELECT p.party FROM client_party p WHERE p.client = f.client AND p.from_position <= %(position)s"
    " ORDER BY p.from_position DESC LIMIT 1), f.client)"
)


def figures(rows: Rows, query: VolumeQuery, position: int, total: str, source: Source) -> list[VolumeRow]:
    """Give one row for each group and measure as known at a position; groups that come to nothing are left out.

    Args:
        rows: reads in the answer's snapshot.
        query: the question.
        position: of the answer.
        total: which total is asked.
        source: reads its chosen blocks.
    """
    filters = filters_of(rows, query, position)
    covered = cover(position, settled_blocks(rows)[total])
    found = rows.execute(_statement(query, filters, source), {**filters.parameters(), **_places(covered, position)})
    return in_order(found, len(query.by) + 1)


def in_order(found: Sequence[Sequence[Any]], words: int) -> list[VolumeRow]:
    """Make rows of texts and an amount, in the order of code points, what is unknown last.

    Args:
        found: so many texts each, of which the last is the measure, and the amount in nanograms.
        words: how many.
    """
    rows = found
    for place in reversed(range(words)):
        rows = _by(place, rows)
    *keys, measures, ng = zip(*rows, strict=True) if rows else ((), ())
    return list(map(VolumeRow, zip(*keys, strict=True) if keys else repeat(()), measures, map(int, ng)))


def _by(place: int, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Order by one column and leave what has the same value as it is; few values are told apart faster than sorted."""
    of_value: dict[str | None, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        of_value[row[place]].append(row)
    values = sorted(of_value, key=lambda value: (value is None, value or ""))
    return list(chain.from_iterable(of_value[value] for value in values))


def _statement(query: VolumeQuery, filters: Filters, source: Source) -> str:
    words = tuple(dict.fromkeys([*("client" if name == "party" else name for name in query.by), "measure"]))
    sources = [source, _REST, *([] if filters.span.part_from is None else [_PART])]
    rows = " UNION ALL ".join(each.select(words, filters) for each in sources)
    if "party" in query.by:
        # By client first, so that a client's party is looked up once and not for every row.
        keys = ", ".join(words)
        rows = f"SELECT {keys}, sum(ng) AS ng FROM ({rows}) r GROUP BY {keys}"  # noqa: S608 - names of dimensions, a closed list; values are bound
    groups = [*(_PARTY if name == "party" else f"f.{name}" for name in query.by), "f.measure"]
    places = ", ".join(str(place) for place in range(1, len(groups) + 1))
    return (
        f"SELECT {', '.join(groups)}, sum(f.ng)::text FROM ({rows}) f"  # noqa: S608 - only names and statements of ours are put in; values are bound
        f" GROUP BY {places} HAVING sum(f.ng) <> 0"
    )


def _places(covered: Cover, position: int) -> dict[str, object]:
    return {
        "levels": [block.level for block in covered.blocks],
        "blocks": [block.number for block in covered.blocks],
        "until": covered.until,
        "position": position,
    }
