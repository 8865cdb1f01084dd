"""An independent total: which subjects each event touches, by SQL from the events' own JSON.

Parameters as in ``projections.volume_ledger.differences``.
"""

DIFFERENCES: tuple[str, ...] = (
    """
WITH body AS MATERIALIZED (
    SELECT e.position, e.stream, convert_from(e.data, 'UTF8')::jsonb AS facts FROM lodestone.events e
    WHERE e.position <= %(position)s AND NOT EXISTS (
        SELECT FROM lodestone.parked p
        WHERE p.unit = %(unit)s AND p.generation = %(generation)s AND p.position = e.position)
), named AS (
    SELECT position, facts FROM body
    UNION ALL SELECT position, taken FROM body CROSS JOIN LATERAL jsonb_array_elements(facts->'reverses') AS taken
    UNION ALL SELECT position, again FROM body CROSS JOIN LATERAL jsonb_array_elements(facts->'restated') AS again
), expected AS (
    SELECT position, stream AS subject FROM body
    UNION SELECT position, 'exporter/' || (facts->>'exporter') FROM named WHERE facts->>'exporter' IS NOT NULL
    UNION SELECT position, facts->>'client' FROM named WHERE facts->>'client' IS NOT NULL
), actual AS (SELECT position, subject FROM audit_entries WHERE position <= %(position)s)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
""",
)
