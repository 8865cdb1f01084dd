"""An independent total: whom each event names besides its own stream, by SQL from the events' own JSON.

Parameters as in ``projections.volume_ledger.differences``.
"""

DIFFERENCES: tuple[str, ...] = (
    """
WITH weighed AS (
    SELECT touched.position / 65536 AS span,
           hashtextextended(concat_ws('|', touched.position, touched.subject), 0)::numeric AS weight
    FROM (
        SELECT e.position, e.stream, convert_from(e.data, 'UTF8')::jsonb AS facts FROM lodestone.events e
        WHERE e.position <= %(position)s AND NOT EXISTS (
            SELECT FROM lodestone.parked p
            WHERE p.unit = %(unit)s AND p.generation = %(generation)s AND p.position = e.position) OFFSET 0) AS body
    CROSS JOIN LATERAL (
        SELECT DISTINCT body.position, subject FROM (
            SELECT facts AS named
            UNION ALL SELECT taken FROM jsonb_array_elements(facts->'reverses') AS taken
            UNION ALL SELECT again FROM jsonb_array_elements(facts->'restated') AS again) AS part
        CROSS JOIN LATERAL (VALUES ('exporter/' || (named->>'exporter')), (named->>'client')) AS each (subject)
        WHERE subject <> body.stream) AS touched
    UNION ALL
    SELECT linked.position / 65536, -hashtextextended(concat_ws('|', linked.position, subject), 0)::numeric
    FROM audit_links CROSS JOIN LATERAL unnest(positions) AS linked (position)
    WHERE linked.position <= %(position)s
)
SELECT 'history, positions from', span * 65536, 'to', span * 65536 + 65535 FROM weighed
GROUP BY span HAVING sum(weight) <> 0 ORDER BY span LIMIT 5
""",
)
