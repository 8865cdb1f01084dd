"""What ledger and totals come to, held against what the events state (``projections.stated``).

Nothing here shares code with the fold or with settling. What is settled must be the ledger: the lowest level that of
its positions, each other one that of the eight blocks below. The sizes are written here anew.
"""

from projections.stated import SPAN, Stated, hash_of

STATED = (
    Stated(
        "ledger",
        hash_of(
            *("position", "movement->>'exporter'", "movement->>'client'", "coalesce(movement->>'destination', '-')"),
            *("day", "movement->>'measure'"),
        ),
        by_line="mg::numeric * {weight}",
        of_elements=True,
    ),
)
_ENTRY = hash_of("position", "exporter", "client", "coalesce(destination, '-')", "business_date::text", "measure")
_CELL = ("coalesce(destination, '-')", "month", "measure")

# One look at each entry: against the events, against both totals.
_LEDGER = f"""
WITH settled AS (
    SELECT coalesce(max(blocks * 2048) FILTER (WHERE total = 'element_volumes' AND level = 0), 0) AS elements,
           coalesce(max(blocks * 131072) FILTER (WHERE total = 'client_volumes' AND level = 2), 0) AS clients
    FROM volume_settled
), entry AS (
    SELECT e.*, to_char(business_date, 'YYYY-MM') AS month, (
        SELECT sum(line.ng * hashtextextended(coalesce(line.element, '-'), 0))
        FROM (SELECT unnest(elements), unnest(ng)) AS line (element, ng)) AS amount
    FROM volume_entries e OFFSET 0
), weighed AS (
    SELECT position, amount, {_ENTRY} AS entry, {hash_of("0", *_CELL)} AS cell,
           {hash_of("0", *_CELL, "client", "exporter")} AS client
    FROM entry OFFSET 0
), summed AS (
    SELECT (position - 1) / {SPAN} * {SPAN} + 1 AS first, sum(amount * entry) AS entries,
           sum(amount * hashint8extended(cell, (position - 1) / 2048))
               FILTER (WHERE position <= settled.elements) AS elements,
           sum(amount * hashint8extended(client, (position - 1) / 131072))
               FILTER (WHERE position <= settled.clients) AS clients
    FROM weighed CROSS JOIN settled GROUP BY 1
)
SELECT what, each.first, weight FROM summed CROSS JOIN LATERAL (VALUES
    ('ledger', first, -entries),
    ('element_volumes, level 0', first, elements),
    ('client_volumes, level 2', (first - 1) / 131072 * 131072 + 1, clients)
) AS each (what, first, weight) WHERE weight IS NOT NULL
"""  # noqa: S608 - only constants of ours are put in; values are bound
_BLOCKS = f"""
WITH amounts AS MATERIALIZED ({{amounts}}), weighed AS (
    SELECT level, block, -amount * hashint8extended(key, block) AS weight FROM amounts
    UNION ALL
    SELECT large.level, small.block / 8, amount * hashint8extended(key, small.block / 8)
    FROM amounts small JOIN volume_settled large
        ON large.total = '{{table}}' AND large.level = small.level + 1 AND small.block < large.blocks * 8
)
SELECT '{{table}}, level ' || level, (block * 2048 * 8 ^ level)::bigint / {SPAN} * {SPAN} + 1, sum(weight)
FROM weighed GROUP BY 1, 2
"""  # noqa: S608 - only constants of ours are put in; values are bound
_ELEMENTS = f"""
SELECT level, block, hashtextextended(coalesce(element, '-'), 0) * ng AS amount, {hash_of("0", *_CELL)} AS key
FROM (
    SELECT level, block, element, month, measure, unnest(destinations) AS destination, unnest(ng) AS ng
    FROM element_volumes) AS line
"""  # noqa: S608 - only constants of ours are put in; values are bound
_CLIENTS = f"""
SELECT level, block, (
           SELECT sum(line.ng * hashtextextended(coalesce(line.element, '-'), 0))
           FROM (SELECT unnest(elements), unnest(ng)) AS line (element, ng)) AS amount,
       {hash_of("0", *_CELL, "client", "exporter")} AS key
FROM client_volumes
"""  # noqa: S608 - only constants of ours are put in; values are bound

# Of both totals; they come to nothing together with the ledger.
HELD: tuple[str, ...] = (
    _LEDGER,
    _BLOCKS.format(table="element_volumes", amounts=_ELEMENTS),
    _BLOCKS.format(table="client_volumes", amounts=_CLIENTS),
)
