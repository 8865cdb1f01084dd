"""Who sold what to whom: exporter -> sale -> shipment -> client?"""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from domain.mass import format_kg_from_mg
from domain.streams import kind_of
from projections.answers import QueryRefused, UnknownStream
from projections.client_party.queries import clients_of, is_party
from projections.deferred import Deferred
from projections.ports import Rows
from projections.trade_trail.flows import Flow, flows_of
from projections.trade_trail.query import Trail, TrailEdge, TrailNode, TrailQuery, Unexplained
from projections.trade_trail.steps import Steps, Subject, read_steps
from projections.trade_trail.unexplained import Short, read_short, unexplained

_SUBJECTS = ("exporter", "client", "sale", "shipment")

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
    subject = _subject(rows, query.subject, position)
    steps = read_steps(rows, subject, query, position)
    flows = flows_of(map(subject.shown, steps))
    of_shipments = [subject.of_shipment(each) for each in steps]
    short = read_short(rows, of_shipments, position)
    gaps = Deferred(lambda: _unexplained(steps, of_shipments, short))
    streams = _ends(subject, flows)
    if query.from_month or query.to_month or subject.kind == "shipment":
        # Otherwise all that can be unexplained is shown.
        streams |= dict.fromkeys(gap.stream for gap in gaps)
    return Trail(_nodes(rows, streams, _firms(subject, steps, flows), position), Deferred(lambda: _edges(flows)), gaps)


def _ends(subject: Subject, flows: Sequence[Flow]) -> dict[str, str | None]:
    """Give the subject, then source and target of each edge, each stream once."""
    streams: list[Iterable[str]] = [subject.streams]
    # Columns of which all is among the streams; the flows keep them, so no two have had the same id.
    named: set[int] = set()
    for _, sources, targets, _, _ in flows:
        if id(sources) in named:
            streams.append(targets)
        elif sources[0] == sources[-1]:  # in order, so all are the same
            streams += [sources[:1], targets]
        else:
            streams.append(chain.from_iterable(zip(sources, targets, strict=True)))
        named |= {id(sources), id(targets)}
    return dict.fromkeys(chain.from_iterable(streams))


def _edges(flows: Iterable[Flow]) -> list[TrailEdge]:
    return [
        TrailEdge(source, target, flow.kind, format_kg_from_mg(mg), places if isinstance(places, tuple) else (places,))
        for flow in flows
        for source, target, mg, places in zip(*flow[1:], strict=True)
    ]


def _unexplained(steps: Sequence[Steps], of_shipments: Sequence[Steps], short: Short) -> list[Unexplained]:
    found = unexplained(steps, of_shipments, short)
    return [Unexplained(stream, kind, format_kg_from_mg(mg)) for stream, kind, mg in found]


def _subject(rows: Rows, subject: str, position: int) -> Subject:
    if is_party(subject):
        clients = clients_of(rows, subject, position)
        if not clients:
            raise UnknownStream(f"no client is known to be {subject} up to position {position}")
        return Subject("client", clients)
    if kind_of(subject) not in _SUBJECTS:
        raise QueryRefused("query.not_a_trail", f"a trail begins at {', '.join(_SUBJECTS)}, not at {subject}")
    return Subject(kind_of(subject), [subject])


def _nodes(rows: Rows, streams: dict[str, str | None], firms: Collection[str], position: int) -> list[TrailNode]:
    labels: dict[str, str] = dict(rows.execute(_LABELS, {"streams": list(firms), "position": position}))
    named = streams | {stream: label for stream, label in labels.items() if stream in streams}
    return list(map(TrailNode, named, named.values()))


def _firms(subject: Subject, steps: Iterable[Steps], flows: Iterable[Flow]) -> set[str]:
    """Give whoever may have a name; papers are called by their keys."""
    exporters = (flow.sources for flow in flows if flow.kind == "sold")
    return {*subject.streams, *(each.client for each in steps)}.union(*exporters)
