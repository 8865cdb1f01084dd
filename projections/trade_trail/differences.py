"""What the trail comes to, held against what the events state (``projections.stated``)."""

from projections.stated import SPAN, Stated, hash_of

# A line weighs what its step does, hashed with its number and its signed mass; so does a number that has no mass.
_LINE = "hashint8extended(coalesce(mg, 0), hashint4extended(coalesce(line_no, 0), {weight}))"
# The event takes nothing back and breaks no rule.
_ORDINARY = "(coalesce(facts->'violations' = '[]', true) AND coalesce(facts->'reverses' = '[]', true))::text"

STATED = (
    Stated(
        "steps",
        hash_of(
            *("position", "movement->>'measure'", "day", "movement->>'client'"),
            "'sale/' || (movement->>'exporter') || '/' || (movement->>'contract_no')",
            "CASE WHEN starts_with(stream, 'shipment/') THEN stream ELSE '-' END",
            _ORDINARY,
        ),
        by_line=_LINE,
    ),
)
_STEP = hash_of(
    "position", "measure", "business_date::text", "client", "sale", "coalesce(shipment, '-')", "ordinary::text"
)
# A step's own mass is that of its lines: it stands in the first row of each.
_STEPS = f"""
WITH step AS (
    SELECT position, ordinal, net_mg, line_nos, line_mg, {_STEP} AS weight FROM trail_steps OFFSET 0
), line AS (
    SELECT position, ordinal, weight, unnest(line_nos) AS line_no, unnest(line_mg) AS mg,
           unnest(ARRAY[net_mg]) AS net_mg
    FROM step
), summed AS (
    SELECT (position - 1) / {SPAN} * {SPAN} + 1 AS first, -sum({_LINE.format(weight="weight")}) AS steps,
           sum((coalesce(net_mg, 0) - coalesce(mg, 0)) * hashint8extended(position, ordinal)::numeric) AS sums
    FROM line GROUP BY 1
)
SELECT what, first, weight FROM summed CROSS JOIN LATERAL (VALUES ('steps', steps), ('sums of steps', sums))
    AS each (what, weight) WHERE weight IS NOT NULL
"""  # noqa: S608 - only constants of ours are put in; values are bound

HELD: tuple[str, ...] = (_STEPS,)
