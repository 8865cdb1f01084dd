"""An independent total: what ledger and totals must be, computed by SQL from the events' own JSON.

It shares no code with the fold or with settling. Parameters: ``position`` (up to which both are compared), ``unit`` and
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
), expected AS (
    SELECT {keys}, sum(ng) AS ng FROM line GROUP BY {keys} HAVING sum(ng) <> 0
), actual AS (
    SELECT {keys}, sum(ng) AS ng FROM volume_lines WHERE position <= %(position)s GROUP BY {keys} HAVING sum(ng) <> 0)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
"""
_LEDGER_KEYS = "position, client, exporter, destination, business_date, measure, element"
# What is settled must be the ledger, block by block: the lowest level that of its positions, each other one that of
# the eight blocks below. The sizes are written here anew.
_FROM_LEDGER = """
WITH due AS (
    SELECT level, blocks, (2048 * 8 ^ level)::bigint AS size FROM volume_settled WHERE total = '{table}'
    ORDER BY level LIMIT 1
), expected AS (
    SELECT due.level, (l.position - 1) / due.size AS block, {keys}, sum(l.ng) AS ng
    FROM due JOIN volume_lines l ON l.position <= due.blocks * due.size
    GROUP BY due.level, 2, {keys} HAVING sum(l.ng) <> 0
), actual AS (
    SELECT level, block, {keys}, sum(ng) AS ng FROM {lines} JOIN due USING (level)
    GROUP BY level, block, {keys} HAVING sum(ng) <> 0)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
"""
_FROM_BELOW = """
WITH expected AS (
    SELECT large.level, small.block / 8 AS block, {keys}, sum(ng) AS ng
    FROM {lines} small JOIN volume_settled large
        ON large.total = '{table}' AND large.level = small.level + 1 AND small.block < large.blocks * 8
    GROUP BY large.level, 2, {keys} HAVING sum(ng) <> 0
), actual AS (
    SELECT level, block, {keys}, sum(ng) AS ng FROM {lines}
    WHERE level > (SELECT min(level) FROM volume_settled WHERE total = '{table}')
    GROUP BY level, block, {keys} HAVING sum(ng) <> 0)
(TABLE expected EXCEPT ALL TABLE actual) UNION ALL (TABLE actual EXCEPT ALL TABLE expected) LIMIT 5
"""
_CLIENTS = {
    "table": "client_volumes",
    "keys": "client, exporter, destination, month, measure, element",
    "lines": """(SELECT v.level, v.block, v.client, v.exporter, v.destination, v.month, v.measure, line.element, line.ng
        FROM client_volumes v CROSS JOIN LATERAL unnest(v.elements, v.ng) AS line (element, ng))""",
}
_ELEMENTS = {
    "table": "element_volumes",
    "keys": "destination, month, measure, element",
    "lines": """(SELECT v.level, v.block, line.destination, v.month, v.measure, v.element, line.ng
        FROM element_volumes v CROSS JOIN LATERAL unnest(v.destinations, v.ng) AS line (destination, ng))""",
}

DIFFERENCES: tuple[str, ...] = (
    _FROM_EVENTS.format(keys=_LEDGER_KEYS),
    *(check.format(**total) for total in (_CLIENTS, _ELEMENTS) for check in (_FROM_LEDGER, _FROM_BELOW)),
)
