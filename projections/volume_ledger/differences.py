"""What ledger and totals come to, held against what the events state (``projections.stated``).

Nothing here shares code with the fold or with settling. What is settled must be the ledger: the lowest level that of
its positions, each other one that of the eight blocks below. The sizes are written here anew.
"""

from projections.stated import SPAN, Stated

STATED = (
    Stated(
        "ledger",
        """hashtextextended(concat_ws('|', position, movement->>'exporter', movement->>'client',
               coalesce(movement->>'destination', '-'), day, movement->>'measure'), 0)""",
        of_lines=True,
        of_elements=True,
    ),
)

# One look at each entry: against the events, against both totals.
_LEDGER = f"""
WITH settled AS (
    SELECT coalesce(max(blocks * 2048) FILTER (WHERE total = 'element_volumes' AND level = 0), 0) AS elements,
           coalesce(max(blocks * 131072) FILTER (WHERE total = 'client_volumes' AND level = 2), 0) AS clients
    FROM volume_settled
), entry AS (
    SELECT e.*, to_char(business_date, 'YYYY-MM') AS month, (
        SELECT sum(line.ng * hashtextextended(coalesce(line.element, '-'), 0))
        FROM unnest(elements, ng) AS line (element, ng)) AS amount
    FROM volume_entries e OFFSET 0
), summed AS (
    SELECT (position - 1) / {SPAN} * {SPAN} + 1 AS first,
           sum(amount * hashtextextended(concat_ws('|', position, exporter, client, coalesce(destination, '-'),
               business_date, measure), 0)) AS entries,
           sum(amount * hashtextextended(concat_ws('|', (position - 1) / 2048, coalesce(destination, '-'), month,
               measure), 0)) FILTER (WHERE position <= settled.elements) AS elements,
           sum(amount * hashtextextended(concat_ws('|', (position - 1) / 131072, client, exporter,
               coalesce(destination, '-'), month, measure), 0)) FILTER (WHERE position <= settled.clients) AS clients
    FROM entry CROSS JOIN settled GROUP BY 1
)
SELECT what, each.first, weight FROM summed CROSS JOIN LATERAL (VALUES
    ('ledger', first, -entries),
    ('element_volumes, level 0', first, elements),
    ('client_volumes, level 2', (first - 1) / 131072 * 131072 + 1, clients)
) AS each (what, first, weight) WHERE weight IS NOT NULL
"""  # noqa: S608 - a constant
_BLOCKS = f"""
WITH amounts AS MATERIALIZED ({{amounts}}), weighed AS (
    SELECT level, block, -amount * hashtextextended(concat_ws('|', block, key), 0) AS weight FROM amounts
    UNION ALL
    SELECT large.level, small.block / 8, amount * hashtextextended(concat_ws('|', small.block / 8, key), 0)
    FROM amounts small JOIN volume_settled large
        ON large.total = '{{table}}' AND large.level = small.level + 1 AND small.block < large.blocks * 8
)
SELECT '{{table}}, level ' || level, (block * 2048 * 8 ^ level)::bigint / {SPAN} * {SPAN} + 1, sum(weight)
FROM weighed GROUP BY 1, 2
"""  # noqa: S608 - a constant
_ELEMENTS = """
SELECT level, block, hashtextextended(coalesce(element, '-'), 0) * line.ng AS amount,
       concat_ws('|', coalesce(line.destination, '-'), month, measure) AS key
FROM element_volumes CROSS JOIN LATERAL unnest(destinations, ng) AS line (destination, ng)
"""
_CLIENTS = """
SELECT level, block, (
           SELECT sum(line.ng * hashtextextended(coalesce(line.element, '-'), 0))
           FROM unnest(elements, ng) AS line (element, ng)) AS amount,
       concat_ws('|', client, exporter, coalesce(destination, '-'), month, measure) AS key
FROM client_volumes
"""

# Of both totals; they come to nothing together with the ledger.
HELD: tuple[str, ...] = (
    _LEDGER,
    _BLOCKS.format(table="element_volumes", amounts=_ELEMENTS),
    _BLOCKS.format(table="client_volumes", amounts=_CLIENTS),
)
