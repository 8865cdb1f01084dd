"""Whom each event names besides its own stream, held against what the events state (``projections.stated``)."""

from projections.stated import SPAN, Stated

# The exporter and the client that are named, and whom parts of the event name besides; each once.
STATED = (
    Stated(
        "history",
        """CASE WHEN 'exporter/' || (facts->>'exporter') <> stream THEN
               hashtextextended('exporter/' || (facts->>'exporter'), position)::numeric ELSE 0 END
           + CASE WHEN facts->>'client' <> stream THEN
               hashtextextended(facts->>'client', position) ELSE 0 END
           + CASE WHEN facts ?| '{reverses,restated}' THEN coalesce((
               SELECT sum(hashtextextended(subject, position)) FROM (
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
SELECT 'history', (position - 1) / {SPAN} * {SPAN} + 1, -sum(hashtextextended(subject, position))
FROM (SELECT subject, unnest(positions) AS position FROM audit_links) AS linked GROUP BY 2
""",  # noqa: S608 - only constants of ours are put in; values are bound
)
