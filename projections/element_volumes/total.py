"""The total by element and destination: how its blocks are written by the database."""

from projections.volume_ledger.settled import Total

_WRITE = """
INSERT INTO element_volumes (level, block, element, month, measure, destinations, ng)
SELECT %(level)s, block, element, month, measure, array_agg(destination), array_agg(ng) FROM (
"""
_GROUPED = """
) AS cell GROUP BY block, element, month, measure
"""
_FROM_LEDGER = """
    SELECT block, element, to_char(first_day, 'YYYY-MM') AS month, measure, destination, ng FROM (
        SELECT (e.position - 1) / %(size)s::bigint AS block, line.element,
               date_trunc('month', e.business_date::timestamp) AS first_day, e.measure, e.destination,
               sum(line.ng) AS ng
        FROM volume_entries e CROSS JOIN LATERAL unnest(e.elements, e.ng) AS line (element, ng)
        WHERE e.position > %(after)s AND e.position <= %(until)s
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(line.ng) <> 0) AS summed
"""
_FROM_BLOCKS = """
    SELECT v.block / %(factor)s::bigint AS block, v.element, v.month, v.measure, line.destination, sum(line.ng) AS ng
    FROM element_volumes v CROSS JOIN LATERAL unnest(v.destinations, v.ng) AS line (destination, ng)
    WHERE v.level = %(below)s AND v.block >= %(first)s * %(factor)s::bigint AND v.block < %(end)s * %(factor)s::bigint
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(line.ng) <> 0
"""

ELEMENT_VOLUMES = Total(
    name="element_volumes",
    lowest=0,
    from_ledger=_WRITE + _FROM_LEDGER + _GROUPED,
    from_blocks=_WRITE + _FROM_BLOCKS + _GROUPED,
)
