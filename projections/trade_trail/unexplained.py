"""Which kilograms of a trail no step accounts for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from projections.ports import Rows
from projections.trade_trail.steps import Steps

# Of what was delivered, line by line: a surplus of one makes no shortage of another good.
_SHORT = """
WITH short AS (
    SELECT t.shipment, line.no, sum(CASE t.measure WHEN 'shipped' THEN line.mg ELSE -line.mg END) AS mg
    FROM unnest(%(positions)s::bigint[], %(sales)s::text[]) AS found (position, sale)
    JOIN trail_steps t ON t.position = found.position AND t.sale = found.sale
    CROSS JOIN LATERAL unnest(t.line_nos, t.line_mg) AS line (no, mg)
    WHERE t.measure IN ('shipped', 'received') GROUP BY 1, 2
    HAVING sum(CASE t.measure WHEN 'shipped' THEN line.mg ELSE -line.mg END) <> 0
)
SELECT short.shipment, short.mg FROM short WHERE coalesce((
    SELECT stated.reason FROM trail_steps s CROSS JOIN LATERAL unnest(s.line_nos, s.reasons) AS stated (no, reason)
    WHERE s.shipment = short.shipment AND s.reasons IS NOT NULL AND s.position <= %(position)s
      AND stated.no = short.no AND stated.reason IS NOT NULL
    ORDER BY s.position DESC, s.ordinal DESC LIMIT 1), '') = ''
"""
_WEIGHTS: Mapping[str, int] = {"sold": 1, "cancelled": -1, "shipped": -1}
_ORDER = {kind: place for place, kind in enumerate(("sold_not_shipped", "shipped_not_sold", "shipped_not_received"))}

Gap = tuple[str, str, int]
Short = Sequence[tuple[str, int]]


def read_short(rows: Rows, steps: Sequence[Steps], position: int) -> Short:
    """Read what was shipped less what was received, of shipments with deliveries, unless a reason is stated.

    Args:
        rows: reads in the answer's snapshot.
        steps: of the shipments that a trail shows.
        position: of the answer.
    """
    delivered = _delivered(steps)
    if not delivered:
        return ()
    places = {
        (place, sale)
        for each in steps
        for place, sale, shipment in zip(each.positions, each.sales, each.shipments or (), strict=False)
        if shipment in delivered
    }
    asked = {"positions": [place for place, _ in places], "sales": [sale for _, sale in places], "position": position}
    return [(shipment, int(mg)) for shipment, mg in rows.execute(_SHORT, asked)]


def unexplained(steps: Sequence[Steps], shown: Sequence[Steps], short: Short) -> list[Gap]:
    """Give stream, kind and milligrams of what does not match, in order.

    Args:
        steps: all of the sales of a trail.
        shown: those of the shipments that it shows.
        short: see ``read_short``.
    """
    found = [
        (sale, "sold_not_shipped" if mg > 0 else "shipped_not_sold", mg) for sale, mg in _left(steps).items() if mg
    ]
    added: dict[tuple[str, str], int] = defaultdict(int)
    for shipment, mg in chain(_undelivered(shown).items(), short):
        added[shipment, "shipped_not_received" if mg > 0 else "received_difference"] += mg
    found += [(shipment, kind, mg) for (shipment, kind), mg in added.items() if mg]
    found.sort(key=lambda gap: (_ORDER.get(gap[1], len(_ORDER)), gap[0]))
    return [(stream, kind, abs(mg)) for stream, kind, mg in found]


def _left(steps: Iterable[Steps]) -> Mapping[str, int]:
    """Give what was sold of each sale, less what was cancelled or shipped."""
    left: dict[str, int] = defaultdict(int)
    for each in steps:
        weight = _WEIGHTS.get(each.measure, 0)
        for sale, mg in zip(each.sales, each.mg, strict=True):
            left[sale] += weight * mg
    return left


def _undelivered(steps: Sequence[Steps]) -> Mapping[str, int]:
    """Give what was shipped of each shipment without a delivery."""
    delivered = _delivered(steps)
    sums: dict[str, int] = defaultdict(int)
    for each in steps:
        if each.measure == "shipped":
            for shipment, mg in zip(each.shipments or (), each.mg, strict=True):
                if shipment not in delivered:
                    sums[shipment] += mg
    return sums


def _delivered(steps: Iterable[Steps]) -> set[str]:
    return {shipment for each in steps if each.measure == "received" for shipment in each.shipments or ()}
