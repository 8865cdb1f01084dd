"""An independent total: who each client is, by SQL from the events' own JSON.

Parameters as in ``projections.volume_ledger.differences``.
"""

DIFFERENCES: tuple[str, ...] = (
    """
WITH body AS MATERIALIZED (
    SELECT e.position, e.stream, convert_from(e.data, 'UTF8')::jsonb AS facts FROM lodestone.events e
    WHERE e.position <= %(position)s AND e.type IN ('client.registered', 'client.details_amended') AND NOT EXISTS (
        SELECT FROM lodestone.parked p
        WHERE p.unit = %(unit)s AND p.generation = %(generation)s AND p.position = e.position)
), expected AS (
    SELECT stream AS client, position AS from_position, coalesce(
        'lei:' || nullif(facts->>'lei', ''),
        (facts->>'country') || ':' || nullif(facts->>'registry_no', ''),
        stream) AS party FROM body
), actual AS (SELECT client, from_position, party FROM client_party WHERE from_position <= %(position)s)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
""",
)
