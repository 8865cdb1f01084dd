"""An independent total: net mass by sale, shipment and client, by SQL from the events' own JSON.

Parameters, and how the sides are weighed, as in ``projections.volume_ledger.differences``.
"""

from projections.volume_ledger.differences import MOVEMENTS

_STEPS = f"""
WITH {MOVEMENTS}, weighed AS (
    SELECT position / 65536 AS span, sign * (line->>'net_mg')::numeric * hashtextextended(concat_ws('|',
           position, line->>'line_no', m->>'measure', day, 'exporter/' || (m->>'exporter'), m->>'client',
           'sale/' || (m->>'exporter') || '/' || (m->>'contract_no'),
           CASE WHEN starts_with(stream, 'shipment/') THEN stream ELSE '-' END), 0) AS weight
    FROM movement CROSS JOIN LATERAL jsonb_array_elements(m->'lines') AS line
    UNION ALL
    SELECT position / 65536, -net_mg * hashtextextended(concat_ws('|', position, line_no, measure, business_date,
           exporter, client, sale, coalesce(shipment, '-')), 0)
    FROM trail_steps WHERE position <= %(position)s
)
SELECT 'steps, positions from', span * 65536, 'to', span * 65536 + 65535 FROM weighed
GROUP BY span HAVING sum(weight) <> 0 ORDER BY span LIMIT 5
"""  # noqa: S608 - a constant

DIFFERENCES: tuple[str, ...] = (_STEPS,)
