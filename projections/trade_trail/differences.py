"""What the trail comes to, held against what the events state (``projections.stated``)."""

from projections.stated import SPAN, Stated

STATED = (
    Stated(
        "steps",
        """hashtextextended(concat_ws('|', position, line->>'line_no', movement->>'measure', day, movement->>'client',
               'sale/' || (movement->>'exporter') || '/' || (movement->>'contract_no'),
               CASE WHEN starts_with(stream, 'shipment/') THEN stream ELSE '-' END,
               sign * (line->'net_mg')::numeric), 0)""",
        of_lines=True,
    ),
)
_FIRST = f"(position - 1) / {SPAN} * {SPAN} + 1"
_STEPS = f"""
SELECT 'steps', {_FIRST}, -sum(hashtextextended(concat_ws('|', position, line_no, measure, business_date, client, sale,
       coalesce(shipment, '-'), mg), 0))
FROM trail_steps CROSS JOIN LATERAL unnest(line_nos, line_mg) AS line (line_no, mg) GROUP BY 2
"""  # noqa: S608 - a constant
# A step's own mass is that of its lines.
_SUMS = f"""
SELECT 'sums of steps', {_FIRST}, sum((net_mg - (SELECT sum(mg) FROM unnest(line_mg) AS mg))
       * hashtextextended(concat_ws('|', position, ordinal), 0))
FROM trail_steps GROUP BY 2
"""  # noqa: S608 - a constant

HELD: tuple[str, ...] = (_STEPS, _SUMS)
