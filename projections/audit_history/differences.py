"""Whom each event names besides its own stream, held against what the events state (``projections.stated``)."""

from projections.stated import SPAN, Stated

# The exporter and the client that are named, and whom parts of the event name besides; each once.
STATED = (
    Stated(
        "history",
        """CASE WHEN 'exporter/' || (facts->>'exporter') <> stream THEN
               hashtextextended(concat_ws('|', position, 'exporter/' || (facts->>'exporter')), 0)::numeric ELSE 0 END
           + CASE WHEN facts->>'client' <> stream THEN
               hashtextextended(concat_ws('|', position, facts->>'client'), 0) ELSE 0 END
           + CASE WHEN facts ?| '{reverses,restated}' THEN coalesce((
               SELECT sum(hashtextextended(concat_ws('|', position, subject), 0)) FROM (
                   SELECT each.subject FROM (
                       SELECT jsonb_array_elements(facts->'reverses') AS named
                       UNION ALL SELECT jsonb_array_elements(facts->'restated')) AS part
                   CROSS JOIN LATERAL (VALUES ('exporter/' || (named->>'exporter')), (named->>'client'))
                       AS each (subject)
                   EXCEPT VALUES (stream), ('exporter/' || (facts->>'exporter')), (facts->>'client')) AS other
               WHERE subject IS NOT NULL), 0) ELSE 0 END""",
    ),
)
HELD: tuple[str, ...] = (
    f"""
SELECT 'history', (linked.position - 1) / {SPAN} * {SPAN} + 1,
       -sum(hashtextextended(concat_ws('|', linked.position, subject), 0))
FROM audit_links CROSS JOIN LATERAL unnest(positions) AS linked (position) GROUP BY 2
""",  # noqa: S608 - a constant
)
