"""What flowed between exporters, sales, shipments and clients, added up from steps."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import lt
from typing import NamedTuple, TypeVar

from domain.streams import exporter_stream
from projections.trade_trail.steps import Steps

T = TypeVar("T")
_KINDS = (
    *(("sold", ("sold", "sold_to")), ("cancelled", ("cancelled",)), ("shipped", ("drawn", "shipped"))),
    *(("received", ("received",)),),
)


class Flow(NamedTuple):
    """Edges of one kind, in columns, by source and target.

    Attributes:
        mg: what the steps of each come to; never 0.
        positions: of their events: one, or several in order.
    """

    kind: str
    sources: Sequence[str]
    targets: Sequence[str]
    mg: Sequence[int]
    positions: Sequence[int | tuple[int, ...]]


def flows_of(steps: Iterable[Steps]) -> list[Flow]:
    """Add up the steps shown, in the order of kinds; what comes to nothing is left out."""
    steps = list(steps)
    return [
        flow
        for measure, kinds in _KINDS
        if (of_measure := [each for each in steps if each.measure == measure and each.sales])
        for flow in _Columns(of_measure).flows(kinds)
        if flow.mg
    ]


class _Columns:
    """Steps of one measure, of all clients."""

    def __init__(self, steps: Sequence[Steps]) -> None:
        self._sales = _joined([each.sales for each in steps])
        self._shipments = _joined([each.shipments or () for each in steps])
        self._clients = _joined([[each.client] * len(each.sales) for each in steps])
        self._mg = _joined([each.mg for each in steps])
        self._positions = _joined([each.positions for each in steps])
        any_nothing = 0 in self._mg
        # Steps are edges as they are where none comes to nothing, no two have the same ends, and all stand in order.
        self._is_plain = {
            of_shipments: not any_nothing and all(map(lt, papers, islice(papers, 1, None)))
            for of_shipments, papers in ((False, self._sales), (True, self._shipments))
        }

    def flows(self, kinds: Sequence[str]) -> Iterator[Flow]:
        """Give the edges of these kinds."""
        for kind in kinds:
            of_shipments = kind in {"shipped", "received"}
            sources, targets = self._ends(kind)
            if self._is_plain[of_shipments]:
                yield Flow(kind, sources, targets, self._mg, self._positions)
            else:
                yield self._added(kind, sources, targets)

    def _ends(self, kind: str) -> tuple[Sequence[str], Sequence[str]]:
        match kind:
            case "sold":
                return self._exporters(), self._sales
            case "sold_to" | "cancelled":
                return self._sales, self._clients
            case "drawn":
                return self._sales, self._shipments
            case _:
                return self._shipments, self._clients

    def _exporters(self) -> Sequence[str]:
        first, last = (exporter_of(self._sales[place]) for place in (0, -1))
        if first == last and self._is_plain[False]:
            return [first] * len(self._sales)
        return [exporter_of(sale) for sale in self._sales]

    def _added(self, kind: str, sources: Sequence[str], targets: Sequence[str]) -> Flow:
        edges: dict[tuple[str, str], tuple[int, set[int]]] = {}
        for source, target, mg, position in zip(sources, targets, self._mg, self._positions, strict=True):
            before, places = edges.get((source, target)) or (0, set())
            places.add(position)
            edges[source, target] = (before + mg, places)
        found = [(*edge, mg, tuple(sorted(places))) for edge, (mg, places) in sorted(edges.items()) if mg]
        return Flow(kind, *(zip(*found, strict=True) if found else ((), (), (), ())))


def exporter_of(sale: str) -> str:
    """Give the stream of the exporter that a sale's stream names."""
    return exporter_stream(sale.split("/", 2)[1])


def _joined(columns: Sequence[Sequence[T]]) -> Sequence[T]:
    return columns[0] if len(columns) == 1 else list(chain.from_iterable(columns))
