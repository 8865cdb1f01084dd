"""An independent total: what ledger and totals must be, computed by SQL from the events' own JSON.

It shares no code with the fold or with settling. Parameters: ``position`` (up to which both are compared), ``unit`` and
``generation`` (whose parked events are left out). An event's old schema versions would need a line here.

Both sides are weighed and added up: every nanogram times a 64-bit hash of all that it is said of, its position
included. Nothing needs to be grouped or sorted for it, and sums that agree by chance are as rare as such hashes.
What is found names the span of positions that differs.
"""

# What each event of the log states (+1) and takes back (-1): one parse, and no copy of what was parsed.
MOVEMENTS = """
movement AS (
    SELECT body.position, body.stream, each.sign, each.m, each.day
    FROM (
        SELECT e.position, e.stream, convert_from(e.data, 'UTF8')::jsonb AS facts FROM lodestone.events e
        WHERE e.position <= %(position)s AND NOT EXISTS (
            SELECT FROM lodestone.parked p
            WHERE p.unit = %(unit)s AND p.generation = %(generation)s AND p.position = e.position) OFFSET 0) AS body
    CROSS JOIN LATERAL (
        SELECT 1 AS sign, facts AS m, coalesce(facts->>'signed_on', facts->>'exported_on',
               facts->>'cancelled_on', facts->>'received_on') AS day
        WHERE facts ? 'measure' AND facts->>'client' IS NOT NULL
        UNION ALL SELECT -1, taken, taken->>'business_date' FROM jsonb_array_elements(facts->'reverses') AS taken
        UNION ALL SELECT 1, again, again->>'business_date' FROM jsonb_array_elements(facts->'restated') AS again
    ) AS each
)"""
_FROM_EVENTS = f"""
WITH {MOVEMENTS}, weighed AS (
    SELECT position / 65536 AS span, sign * share.factor * (line->>'net_mg')::numeric
           * hashtextextended(coalesce(share.element, '-'), entry) AS weight
    FROM (
        SELECT position, sign, m, hashtextextended(concat_ws('|', position, m->>'exporter', m->>'client',
               coalesce(m->>'destination', '-'), day, m->>'measure'), 0) AS entry FROM movement) AS moved
    CROSS JOIN LATERAL jsonb_array_elements(m->'lines') AS line
    CROSS JOIN LATERAL (
        SELECT NULL AS element, 1000000::numeric AS factor
        UNION ALL SELECT key, value::numeric FROM jsonb_each_text(line->'ppm')) AS share
    UNION ALL
    SELECT position / 65536, -line.ng * hashtextextended(coalesce(line.element, '-'), hashtextextended(concat_ws('|',
           position, exporter, client, coalesce(destination, '-'), business_date, measure), 0))
    FROM volume_entries CROSS JOIN LATERAL unnest(elements, ng) AS line (element, ng)
    WHERE position <= %(position)s
)
SELECT 'ledger, positions from', span * 65536, 'to', span * 65536 + 65535 FROM weighed
GROUP BY span HAVING sum(weight) <> 0 ORDER BY span LIMIT 5
"""  # noqa: S608 - a constant
# What is settled must be the ledger, block by block: the lowest level that of its positions, each other one that of
# the eight blocks below. The sizes are written here anew.
_FROM_LEDGER = """
WITH due AS (
    SELECT level, blocks, (2048 * 8 ^ level)::bigint AS size FROM volume_settled WHERE total = '{table}'
    ORDER BY level LIMIT 1
), weighed AS (
    SELECT (l.position - 1) / due.size AS block,
           l.ng * hashtextextended(concat_ws('|', (l.position - 1) / due.size, {key}), 0) AS weight
    FROM due JOIN volume_lines l ON l.position <= due.blocks * due.size
    UNION ALL
    SELECT block, -ng * hashtextextended(concat_ws('|', block, {key}), 0) FROM {lines} v JOIN due USING (level)
)
SELECT '{table}, block', block FROM weighed GROUP BY block HAVING sum(weight) <> 0 ORDER BY block LIMIT 5
"""
_FROM_BELOW = """
WITH weighed AS (
    SELECT large.level, small.block / 8 AS block,
           ng * hashtextextended(concat_ws('|', small.block / 8, {key}), 0) AS weight
    FROM {lines} small JOIN volume_settled large
        ON large.total = '{table}' AND large.level = small.level + 1 AND small.block < large.blocks * 8
    UNION ALL
    SELECT level, block, -ng * hashtextextended(concat_ws('|', block, {key}), 0) FROM {lines} v
    WHERE level > (SELECT min(level) FROM volume_settled WHERE total = '{table}')
)
SELECT '{table}, level', level, 'block', block FROM weighed
GROUP BY level, block HAVING sum(weight) <> 0 ORDER BY level, block LIMIT 5
"""
_CLIENTS = {
    "table": "client_volumes",
    "key": "client, exporter, coalesce(destination, '-'), month, measure, coalesce(element, '-')",
    "lines": """(SELECT v.level, v.block, v.client, v.exporter, v.destination, v.month, v.measure, line.element, line.ng
        FROM client_volumes v CROSS JOIN LATERAL unnest(v.elements, v.ng) AS line (element, ng))""",
}
_ELEMENTS = {
    "table": "element_volumes",
    "key": "coalesce(destination, '-'), month, measure, coalesce(element, '-')",
    "lines": """(SELECT v.level, v.block, line.destination, v.month, v.measure, v.element, line.ng
        FROM element_volumes v CROSS JOIN LATERAL unnest(v.destinations, v.ng) AS line (destination, ng))""",
}

DIFFERENCES: tuple[str, ...] = (
    _FROM_EVENTS,
    *(check.format(**total) for total in (_CLIENTS, _ELEMENTS) for check in (_FROM_LEDGER, _FROM_BELOW)),
)
