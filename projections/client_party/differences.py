"""Who each client is, held against what the events state (``projections.stated``)."""

from projections.stated import SPAN, Stated

STATED = (
    Stated(
        "parties",
        """CASE WHEN type IN ('client.registered', 'client.details_amended') THEN
               hashtextextended(concat_ws('|', position, stream, coalesce(
                   'lei:' || nullif(facts->>'lei', ''),
                   (facts->>'country') || ':' || nullif(facts->>'registry_no', ''),
                   stream)), 0) END""",
    ),
)
HELD: tuple[str, ...] = (
    f"""
SELECT 'parties', (from_position - 1) / {SPAN} * {SPAN} + 1,
       -sum(hashtextextended(concat_ws('|', from_position, client, party), 0))
FROM client_party GROUP BY 2
""",  # noqa: S608 - a constant
)
