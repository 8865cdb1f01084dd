"""An independent list of the words, by SQL from the events' own JSON.

Parameters as in ``projections.volume_ledger.differences``.
"""

DIFFERENCES: tuple[str, ...] = (
    """
WITH body AS MATERIALIZED (
    SELECT e.position, e.stream, e.version, e.type, convert_from(e.data, 'UTF8')::jsonb AS facts
    FROM lodestone.events e WHERE e.position <= %(position)s AND NOT EXISTS (
        SELECT FROM lodestone.parked p
        WHERE p.unit = %(unit)s AND p.generation = %(generation)s AND p.position = e.position)
), expected AS (
    SELECT position, stream, 'key' AS attribute, substr(stream, strpos(stream, '/') + 1) AS value
    FROM body WHERE version = 1
    UNION ALL SELECT position, stream, 'name', jsonb_array_elements_text(facts->'names')
    FROM body WHERE type = 'exporter.registered'
    UNION ALL SELECT position, stream, each.attribute, each.value FROM body CROSS JOIN LATERAL (VALUES
        ('name', facts->>'legal_name'), ('LEI', facts->>'lei'), ('registry', facts->>'registry_no')
    ) AS each (attribute, value)
    WHERE type IN ('client.registered', 'client.details_amended') AND each.value IS NOT NULL
    UNION ALL SELECT position, stream, 'licence', facts->>'licence_no' FROM body
    WHERE type IN ('shipment.exported', 'shipment.corrected') AND facts->>'licence_no' IS NOT NULL
    UNION ALL SELECT position, stream, 'container', jsonb_array_elements_text(facts->'containers')
    FROM body WHERE type IN ('shipment.exported', 'shipment.corrected')
), actual AS (SELECT position, stream, attribute, value FROM search_words WHERE position <= %(position)s)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
""",
)
