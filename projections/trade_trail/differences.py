"""An independent total: net mass by sale, shipment and client, by SQL from the events' own JSON.

Parameters as in ``projections.volume_ledger.differences``.
"""

DIFFERENCES: tuple[str, ...] = (
    """
WITH body AS MATERIALIZED (
    SELECT e.position, e.stream, convert_from(e.data, 'UTF8')::jsonb AS facts FROM lodestone.events e
    WHERE e.position <= %(position)s AND NOT EXISTS (
        SELECT FROM lodestone.parked p
        WHERE p.unit = %(unit)s AND p.generation = %(generation)s AND p.position = e.position)
), movement AS (
    SELECT position, stream, 1 AS sign, facts AS m FROM body WHERE facts ? 'measure' AND facts->>'client' IS NOT NULL
    UNION ALL SELECT position, stream, -1, taken
    FROM body CROSS JOIN LATERAL jsonb_array_elements(facts->'reverses') AS taken
    UNION ALL SELECT position, stream, 1, again
    FROM body CROSS JOIN LATERAL jsonb_array_elements(facts->'restated') AS again
), line AS (
    SELECT position, (line->>'line_no')::int AS line_no, m->>'measure' AS measure,
           coalesce(m->>'business_date', m->>'signed_on', m->>'exported_on', m->>'cancelled_on',
                    m->>'received_on')::date AS business_date,
           'exporter/' || (m->>'exporter') AS exporter, m->>'client' AS client,
           'sale/' || (m->>'exporter') || '/' || (m->>'contract_no') AS sale,
           CASE WHEN starts_with(stream, 'shipment/') THEN stream END AS shipment,
           sign * (line->>'net_mg')::numeric AS net_mg
    FROM movement CROSS JOIN LATERAL jsonb_array_elements(m->'lines') AS line
), expected AS (SELECT position, line_no, measure, business_date, exporter, client, sale, shipment,
    sum(net_mg) AS net_mg FROM line GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), actual AS (SELECT position, line_no, measure, business_date, exporter, client, sale, shipment,
    sum(net_mg) AS net_mg FROM trail_steps WHERE position <= %(position)s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
""",
)
