"""An independent total: net mass by sale, shipment and client, by SQL from the events' own JSON.

Parameters, and how the sides are weighed, as in ``projections.volume_ledger.differences``.
"""

from projections.volume_ledger.differences import MOVEMENTS

_STEPS = f"""
WITH {MOVEMENTS}, weighed AS (
    SELECT position / 65536 AS span, sign * (line->>'net_mg')::numeric * hashtextextended(concat_ws('|',
           position, line->>'line_no', m->>'measure', day, m->>'client',
           'sale/' || (m->>'exporter') || '/' || (m->>'contract_no'),
           CASE WHEN starts_with(stream, 'shipment/') THEN stream ELSE '-' END), 0) AS weight
    FROM movement CROSS JOIN LATERAL jsonb_array_elements(m->'lines') AS line
    UNION ALL
    SELECT position / 65536, -mg::numeric * hashtextextended(concat_ws('|', position, line_no, measure, business_date,
           client, sale, coalesce(shipment, '-')), 0)
    FROM trail_steps CROSS JOIN LATERAL unnest(line_nos, line_mg) AS line (line_no, mg) WHERE position <= %(position)s
)
SELECT 'steps, positions from', span * 65536, 'to', span * 65536 + 65535 FROM weighed
GROUP BY span HAVING sum(weight) <> 0 ORDER BY span LIMIT 5
"""  # noqa: S608 - a constant
_SUMS = """
SELECT 'the sum of a step, position', position FROM trail_steps
WHERE position <= %(position)s AND net_mg <> (SELECT sum(mg) FROM unnest(line_mg) AS mg) LIMIT 5
"""

DIFFERENCES: tuple[str, ...] = (_STEPS, _SUMS)
