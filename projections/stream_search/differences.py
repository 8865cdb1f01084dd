"""By which words streams can be found, held against what the events state (``projections.stated``)."""

from projections.stated import SPAN, Stated, hash_of

_OF_STREAM = ("position", "stream")
_KEY = hash_of(*_OF_STREAM, "'key'", "substr(stream, strpos(stream, '/') + 1)")
_NAMED = f"""
(SELECT sum({hash_of(*_OF_STREAM, "attribute", "value")}) FROM (
    SELECT 'name' AS attribute, jsonb_array_elements_text(facts->'names') AS value WHERE type = 'exporter.registered'
    UNION ALL SELECT attribute, value FROM (VALUES
        ('name', facts->>'legal_name'), ('LEI', facts->>'lei'), ('registry', facts->>'registry_no')
    ) AS each (attribute, value) WHERE type IN ('client.registered', 'client.details_amended')
    UNION ALL SELECT 'licence', facts->>'licence_no' WHERE type IN ('shipment.exported', 'shipment.corrected')
    UNION ALL SELECT 'container', jsonb_array_elements_text(facts->'containers')
    WHERE type IN ('shipment.exported', 'shipment.corrected')) AS stated WHERE value IS NOT NULL)
"""  # noqa: S608 - only constants of ours are put in; values are bound

STATED = (
    Stated(
        "words",
        f"""CASE WHEN version = 1 THEN {_KEY} ELSE 0 END::numeric
            + CASE WHEN type IN ('exporter.registered', 'client.registered', 'client.details_amended',
                'shipment.exported', 'shipment.corrected') THEN coalesce({_NAMED}, 0) ELSE 0 END""",
    ),
)
HELD: tuple[str, ...] = (
    f"""
SELECT 'words', (position - 1) / {SPAN} * {SPAN} + 1,
       -sum({hash_of(*_OF_STREAM, "attribute", "value")})
FROM search_words GROUP BY 2
""",  # noqa: S608 - only constants of ours are put in; values are bound
)
