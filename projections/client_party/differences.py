"""Who each client is, held against what the events state (``projections.stated``)."""

from projections.stated import SPAN, Stated

STATED = (
    Stated(
        "parties",
        """CASE WHEN type IN ('client.registered', 'client.details_amended') THEN
               hashtextextended(coalesce(
                   'lei:' || nullif(facts->>'lei', ''),
                   (facts->>'country') || ':' || nullif(facts->>'registry_no', ''),
                   stream), hashtextextended(stream, position)) END""",
    ),
)
HELD: tuple[str, ...] = (
    f"""
SELECT 'parties', (from_position - 1) / {SPAN} * {SPAN} + 1,
       -sum(hashtextextended(party, hashtextextended(client, from_position)))
FROM client_party GROUP BY 2
""",  # noqa: S608 - only constants of ours are put in; values are bound
)
