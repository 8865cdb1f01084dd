"""Who sold what to whom: exporter -> sale -> shipment -> client?"""

from collections.abc import Sequence

from domain.mass import format_kg_from_mg
from domain.streams import kind_of
from projections.answers import QueryRefused
from projections.ports import Rows
from projections.trade_trail.query import Trail, TrailEdge, TrailNode, Unexplained

_SUBJECTS = ("exporter", "client", "sale", "shipment")

# `scope`: every sale that the subject has a step in, with all steps of it, so that what is not shipped is known.
_SCOPE = """
WITH named AS (SELECT DISTINCT sale FROM trail_steps WHERE {column} = %(subject)s AND position <= %(position)s),
scope AS (SELECT s.* FROM trail_steps s JOIN named USING (sale) WHERE s.position <= %(position)s)
"""
_EDGES = """,
step AS (
    SELECT exporter AS source, sale AS target, 'sold' AS kind, net_mg, position FROM scope WHERE measure = 'sold'
    UNION ALL SELECT sale, client, 'sold_to', net_mg, position FROM scope WHERE measure = 'sold'
    UNION ALL SELECT sale, shipment, 'drawn', net_mg, position FROM scope WHERE measure = 'shipped' AND {shown}
    UNION ALL SELECT shipment, client, 'shipped', net_mg, position FROM scope WHERE measure = 'shipped' AND {shown}
)
SELECT source, target, kind, sum(net_mg), array_agg(DISTINCT position ORDER BY position) FROM step
GROUP BY source, target, kind HAVING sum(net_mg) <> 0
ORDER BY array_position(ARRAY['sold', 'sold_to', 'drawn', 'shipped'], kind), source COLLATE "C", target COLLATE "C"
"""
_UNSHIPPED = """
SELECT sale, sum(CASE measure WHEN 'sold' THEN net_mg WHEN 'shipped' THEN -net_mg ELSE 0 END)
FROM scope GROUP BY sale
HAVING sum(CASE measure WHEN 'sold' THEN net_mg WHEN 'shipped' THEN -net_mg ELSE 0 END) <> 0
ORDER BY sale COLLATE "C"
"""
_LABELS = """
SELECT DISTINCT ON (stream) stream, label FROM trail_labels
WHERE stream = ANY(%(streams)s) AND from_position <= %(position)s ORDER BY stream, from_position DESC
"""


def trail(rows: Rows, subject: str, position: int) -> Trail:
    """Give who sold what to whom around a subject, up to a position; what was wholly taken back is left out.

    Raises:
        QueryRefused: ``query.not_a_trail``, for a stream that takes no part in trade (a grade).
    """
    kind = kind_of(subject)
    if kind not in _SUBJECTS:
        raise QueryRefused("query.not_a_trail", f"a trail begins at {', '.join(_SUBJECTS)}, not at {subject}")
    scope = _SCOPE.format(column=kind)
    shown = "shipment = %(subject)s" if kind == "shipment" else "true"
    parameters = {"subject": subject, "position": position}
    found = rows.execute(scope + _EDGES.format(shown=shown), parameters)
    edges = [
        TrailEdge(source, target, step, format_kg_from_mg(int(net_mg)), tuple(places))
        for source, target, step, net_mg, places in found
    ]
    unexplained = [_unexplained(sale, int(mg)) for sale, mg in rows.execute(scope + _UNSHIPPED, parameters)]
    named = [subject, *(end for edge in edges for end in (edge.source, edge.target))]
    named += [each.stream for each in unexplained]
    return Trail(_nodes(rows, list(dict.fromkeys(named)), position), edges, unexplained)


def _unexplained(sale: str, net_mg: int) -> Unexplained:
    kind = "sold_not_shipped" if net_mg > 0 else "shipped_not_sold"
    return Unexplained(sale, kind, format_kg_from_mg(abs(net_mg)))


def _nodes(rows: Rows, streams: Sequence[str], position: int) -> list[TrailNode]:
    found = rows.execute(_LABELS, {"streams": list(streams), "position": position})
    labels: dict[str, str] = dict(found)
    return [TrailNode(stream, labels.get(stream, _key_of(stream))) for stream in streams]


def _key_of(stream: str) -> str:
    # The key is the last part, whatever it contains; a client and a sale name their exporter before it.
    parts = 2 if kind_of(stream) in {"client", "sale"} else 1
    return stream.split("/", parts)[-1]
