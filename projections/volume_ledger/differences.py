"""An independent total: what ledger and totals must be, computed by SQL from the events' own JSON.

It shares no code with the fold. Parameters: ``position`` (up to which both are compared), ``unit`` and
``generation`` (whose parked events are left out). An event's old schema versions would need a line here.
"""

_FROM_EVENTS = """
WITH body AS MATERIALIZED (
    SELECT e.position, convert_from(e.data, 'UTF8')::jsonb AS facts FROM lodestone.events e
    WHERE e.position <= %(position)s AND NOT EXISTS (
        SELECT FROM lodestone.parked p
        WHERE p.unit = %(unit)s AND p.generation = %(generation)s AND p.position = e.position)
), movement AS (
    SELECT position, 1 AS sign, facts AS m, coalesce(facts->>'signed_on', facts->>'exported_on',
           facts->>'cancelled_on', facts->>'received_on') AS day
    FROM body WHERE facts ? 'measure' AND facts->>'client' IS NOT NULL
    UNION ALL
    SELECT position, -1, taken, taken->>'business_date'
    FROM body CROSS JOIN LATERAL jsonb_array_elements(facts->'reverses') AS taken
    UNION ALL
    SELECT position, 1, again, again->>'business_date'
    FROM body CROSS JOIN LATERAL jsonb_array_elements(facts->'restated') AS again
), line AS (
    SELECT position, m->>'measure' AS measure, left(day, 7) AS month, day::date AS business_date,
           m->>'exporter' AS exporter, m->>'client' AS client, m->>'destination' AS destination,
           share.element, sign * (line->>'net_mg')::numeric * share.factor AS ng
    FROM movement CROSS JOIN LATERAL jsonb_array_elements(m->'lines') AS line
    CROSS JOIN LATERAL (
        SELECT NULL AS element, 1000000::numeric AS factor
        UNION ALL SELECT key, value::numeric FROM jsonb_each_text(line->'ppm')) AS share
), expected AS (SELECT {keys}, sum(ng) AS ng FROM line GROUP BY {keys} HAVING sum(ng) <> 0
), actual AS (SELECT {keys}, sum(ng) AS ng FROM {table} {where} GROUP BY {keys} HAVING sum(ng) <> 0)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
"""
_CLIENT_KEYS = "client, exporter, destination, month, measure, element"
_ELEMENT_KEYS = "destination, month, measure, element"
_LEDGER_KEYS = "position, client, exporter, destination, business_date, measure, element"

DIFFERENCES: tuple[str, ...] = (
    _FROM_EVENTS.format(keys=_LEDGER_KEYS, table="volume_lines", where="WHERE position <= %(position)s"),
    _FROM_EVENTS.format(keys=_CLIENT_KEYS, table="client_volumes", where=""),
    _FROM_EVENTS.format(keys=_ELEMENT_KEYS, table="element_volumes", where=""),
)
