"""Who sold what to whom: exporter -> sale -> shipment -> client?"""

from collections.abc import Sequence

from domain.mass import format_kg_from_mg
from domain.streams import kind_of
from projections.answers import QueryRefused, UnknownStream
from projections.client_party.queries import clients_of, is_party
from projections.ports import Rows
from projections.trade_trail.gaps import GAPS, STANDING
from projections.trade_trail.query import Trail, TrailEdge, TrailNode, TrailQuery, Unexplained

_SUBJECTS = ("exporter", "client", "sale", "shipment")

# `scope`: every sale in which a step of the subject stands within the period, with all steps of it.
_SCOPE = """
WITH named AS (
    SELECT DISTINCT sale FROM trail_steps
    WHERE {column} = ANY(%(subjects)s) AND position <= %(position)s AND {period}
    GROUP BY sale, measure HAVING sum(net_mg) <> 0
), scope AS (SELECT s.* FROM trail_steps s JOIN named USING (sale) WHERE s.position <= %(position)s),
"""
_PERIOD = """(%(from_month)s::text IS NULL OR business_date >= (%(from_month)s || '-01')::date)
    AND (%(to_month)s::text IS NULL OR business_date < (%(to_month)s || '-01')::date + interval '1 month')"""
_EDGES = """
shown AS (SELECT * FROM scope WHERE {period} AND {shown}),
step AS (
    SELECT exporter AS source, sale AS target, 'sold' AS kind, net_mg, position FROM shown WHERE measure = 'sold'
    UNION ALL SELECT sale, client, 'sold_to', net_mg, position FROM shown WHERE measure = 'sold'
    UNION ALL SELECT sale, client, 'cancelled', net_mg, position FROM shown WHERE measure = 'cancelled'
    UNION ALL SELECT sale, shipment, 'drawn', net_mg, position FROM shown WHERE measure = 'shipped'
    UNION ALL SELECT shipment, client, measure, net_mg, position FROM shown WHERE measure IN ('shipped', 'received')
)
SELECT source, target, kind, sum(net_mg), array_agg(DISTINCT position ORDER BY position) FROM step
GROUP BY source, target, kind HAVING sum(net_mg) <> 0
ORDER BY array_position(ARRAY['sold', 'sold_to', 'cancelled', 'drawn', 'shipped', 'received'], kind),
    source COLLATE "C", target COLLATE "C"
"""
_UNEXPLAINED = """
SELECT stream, kind, abs(mg) FROM gap
WHERE reason IS NULL AND (stream IN (SELECT sale FROM scope) OR stream IN (SELECT shipment FROM scope WHERE {shown}))
ORDER BY array_position(ARRAY['sold_not_shipped', 'shipped_not_sold', 'shipped_not_received'], kind), stream COLLATE "C"
"""
_LABELS = """
SELECT DISTINCT ON (stream) stream, label FROM trail_labels
WHERE stream = ANY(%(streams)s) AND from_position <= %(position)s ORDER BY stream, from_position DESC
"""


def trail(rows: Rows, query: TrailQuery, position: int) -> Trail:
    """Give who sold what to whom around a subject, up to a position; what was wholly taken back is left out.

    Raises:
        QueryRefused: ``query.not_a_trail``, for a stream that takes no part in trade (a grade).
        UnknownStream: ``stream.unknown``, for a party that no client is.
    """
    kind, subjects = _subjects(rows, query.subject, position)
    scope = _SCOPE.format(column=kind, period=_PERIOD)
    shown = "(shipment = ANY(%(subjects)s) OR shipment IS NULL)" if kind == "shipment" else "true"
    parameters = {
        "subjects": subjects,
        "position": position,
        "from_month": query.from_month,
        "to_month": query.to_month,
    }
    found = rows.execute(scope + _EDGES.format(shown=shown, period=_PERIOD), parameters)
    edges = [
        TrailEdge(source, target, step, format_kg_from_mg(int(net_mg)), tuple(places))
        for source, target, step, net_mg, places in found
    ]
    missing = rows.execute(f"{scope}{STANDING},{GAPS}{_UNEXPLAINED.format(shown=shown)}", parameters)
    unexplained = [Unexplained(stream, gap, format_kg_from_mg(int(mg))) for stream, gap, mg in missing]
    named = [*subjects, *(end for edge in edges for end in (edge.source, edge.target))]
    named += [each.stream for each in unexplained]
    return Trail(_nodes(rows, list(dict.fromkeys(named)), position), edges, unexplained)


def _subjects(rows: Rows, subject: str, position: int) -> tuple[str, list[str]]:
    """Give the column that a trail begins at, and its values there."""
    if is_party(subject):
        clients = clients_of(rows, subject, position)
        if not clients:
            raise UnknownStream(f"no client is known to be {subject} up to position {position}")
        return "client", clients
    if kind_of(subject) not in _SUBJECTS:
        raise QueryRefused("query.not_a_trail", f"a trail begins at {', '.join(_SUBJECTS)}, not at {subject}")
    return kind_of(subject), [subject]


def _nodes(rows: Rows, streams: Sequence[str], position: int) -> list[TrailNode]:
    found = rows.execute(_LABELS, {"streams": list(streams), "position": position})
    labels: dict[str, str] = dict(found)
    return [TrailNode(stream, labels.get(stream, _key_of(stream))) for stream in streams]


def _key_of(stream: str) -> str:
    # The key is the last part, whatever it contains; a client and a sale name their exporter before it.
    parts = 2 if kind_of(stream) in {"client", "sale"} else 1
    return stream.split("/", parts)[-1]
