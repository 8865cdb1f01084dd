"""The total by client: how its blocks are written by the database.

Its lowest level is coarse: the latest entries of one client are few, and the ledger finds them by client.
"""

from projections.volume_ledger.settled import Total

_WRITE = """
INSERT INTO client_volumes (level, block, client, exporter, destination, month, measure, elements, ng)
SELECT %(level)s, block, client, exporter, destination, month, measure, array_agg(element), array_agg(ng) FROM (
"""
_GROUPED = """
) AS cell GROUP BY block, client, exporter, destination, month, measure
"""
_FROM_LEDGER = """
    SELECT block, client, exporter, destination, to_char(first_day, 'YYYY-MM') AS month, measure, element, ng FROM (
        SELECT (e.position - 1) / %(size)s::bigint AS block, e.client, e.exporter, e.destination,
               date_trunc('month', e.business_date::timestamp) AS first_day, e.measure, line.element, sum(line.ng) AS ng
        FROM volume_entries e CROSS JOIN LATERAL unnest(e.elements, e.ng) AS line (element, ng)
        WHERE e.position > %(after)s AND e.position <= %(until)s
        GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(line.ng) <> 0) AS summed
"""
_FROM_BLOCKS = """
    SELECT v.block / %(factor)s::bigint AS block, v.client, v.exporter, v.destination, v.month, v.measure,
           line.element, sum(line.ng) AS ng
    FROM client_volumes v CROSS JOIN LATERAL unnest(v.elements, v.ng) AS line (element, ng)
    WHERE v.level = %(below)s AND v.block >= %(first)s * %(factor)s::bigint AND v.block < %(end)s * %(factor)s::bigint
    GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(line.ng) <> 0
"""

CLIENT_VOLUMES = Total(
    name="client_volumes",
    lowest=2,
    from_ledger=_WRITE + _FROM_LEDGER + _GROUPED,
    from_blocks=_WRITE + _FROM_BLOCKS + _GROUPED,
)
