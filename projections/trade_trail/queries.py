"""Who sold what to whom: exporter -> sale -> shipment -> client?"""

from collections.abc import Sequence

from domain.mass import format_kg_from_mg
from domain.streams import kind_of
from projections.answers import QueryRefused, UnknownStream
from projections.client_party.queries import clients_of, is_party
from projections.ports import Rows
from projections.trade_trail.flows import Edge, Flows, read_flows
from projections.trade_trail.query import Trail, TrailEdge, TrailNode, TrailQuery, Unexplained

_SUBJECTS = ("exporter", "client", "sale", "shipment")

_PERIOD = """(%(from_month)s::text IS NULL OR business_date >= (%(from_month)s || '-01')::date)
    AND (%(to_month)s::text IS NULL OR business_date < (%(to_month)s || '-01')::date + interval '1 month')"""
_KINDS = {kind: place for place, kind in enumerate(("sold", "sold_to", "cancelled", "drawn", "shipped", "received"))}
_GAPS = {kind: place for place, kind in enumerate(("sold_not_shipped", "shipped_not_sold", "shipped_not_received"))}
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
    flows = read_flows(
        rows,
        kind,
        "(shipment = ANY(%(subjects)s) OR shipment IS NULL)" if kind == "shipment" else "true",
        _PERIOD if query.from_month or query.to_month else "true",
        {"subjects": subjects, "position": position, "from_month": query.from_month, "to_month": query.to_month},
    )
    edges = [
        TrailEdge(source, target, step, format_kg_from_mg(mg), _positions(places))
        for (step, source, target), (mg, places) in sorted(flows.edges.items(), key=_place)
        if mg
    ]
    unexplained = _unexplained(flows)
    named = dict.fromkeys([*subjects, *(end for edge in edges for end in edge[:2])])
    named |= dict.fromkeys(each.stream for each in unexplained)
    return Trail(_nodes(rows, list(named), position), edges, unexplained)


def _positions(places: str) -> tuple[int, ...]:
    return tuple(sorted(set(map(int, places.split(","))))) if "," in places else (int(places),)


def _place(edge: tuple[Edge, object]) -> tuple[int, str, str]:
    (kind, source, target), _ = edge
    return _KINDS[kind], source, target


def _unexplained(flows: Flows) -> list[Unexplained]:
    found = [(sale, "sold_not_shipped" if mg > 0 else "shipped_not_sold", mg) for sale, mg in flows.sales.items()]
    for (shipment, is_short), mg in flows.shipments.items():
        found.append((shipment, "shipped_not_received" if is_short else "received_difference", mg))
    found.sort(key=lambda gap: (_GAPS.get(gap[1], len(_GAPS)), gap[0]))
    return [Unexplained(stream, kind, format_kg_from_mg(abs(mg))) for stream, kind, mg in found if mg]


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
