"""What flowed, against sums kept edge by edge."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from projections.trade_trail.flows import Flow, flows_of
from projections.trade_trail.steps import Steps

Edge = tuple[str, str, str]
# A step: number of its sale, of its shipment, its event's position, and milligrams.
Row = tuple[int, int, int, int]

CLIENTS = ("client/A/1", "client/A/2")
ROWS = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9), st.sampled_from((-1, 0, 1, 2)))
# Mostly as an index gives them: in order, each sale once.
IN_ORDER = st.lists(ROWS, min_size=1, max_size=6, unique_by=lambda row: row[0]).map(sorted)
KINDS = ("sold", "sold_to", "cancelled", "drawn", "shipped", "received")
MEASURES = ("sold", "cancelled", "shipped", "received")
STEPS = st.dictionaries(
    st.tuples(st.sampled_from(CLIENTS), st.sampled_from(MEASURES)), IN_ORDER | st.lists(ROWS, max_size=6), max_size=4
)


@given(STEPS)
@example({(CLIENTS[0], "sold"): [(0, 0, 1, 5), (1, 0, 2, 0)]})
@example({(CLIENTS[0], "received"): [(0, 1, 1, 5), (1, 2, 2, 5)], (CLIENTS[1], "received"): [(2, 0, 3, 5)]})
def test_flows_are_the_sums_of_their_steps(rows: dict[tuple[str, str], list[Row]]) -> None:
    """Each pair of ends once, in order; what comes to nothing is no edge, whether or not its steps stand alone."""
    found = flows_of([_columns(client, measure, of_client) for (client, measure), of_client in rows.items()])
    expected = _expected(rows)
    assert {edge: figures for flow in found for edge, figures in _edges(flow)} == expected
    assert [flow.kind for flow in found] == [kind for kind in KINDS if any(edge[0] == kind for edge in expected)]
    for flow in found:
        ends = list(zip(flow.sources, flow.targets, strict=True))
        assert ends
        assert all(one < next_one for one, next_one in pairwise(ends))


def _columns(client: str, measure: str, rows: Sequence[Row]) -> Steps:
    sales, shipments, positions, mg = ([row[place] for row in rows] for place in range(4))
    papers = None if measure in {"sold", "cancelled"} else [_shipment(number) for number in shipments]
    return Steps(client, measure, [_sale(number) for number in sales], papers, positions, mg, None)


def _edges(flow: Flow) -> Iterable[tuple[Edge, tuple[int, list[int]]]]:
    for source, target, mg, positions in zip(flow.sources, flow.targets, flow.mg, flow.positions, strict=True):
        yield (flow.kind, source, target), (mg, [positions] if isinstance(positions, int) else list(positions))


def _expected(rows: dict[tuple[str, str], list[Row]]) -> dict[Edge, tuple[int, list[int]]]:
    sums: Counter[Edge] = Counter()
    events: dict[Edge, set[int]] = defaultdict(set)
    for (client, measure), of_client in rows.items():
        for sale, shipment, position, mg in of_client:
            for edge in _edges_of(measure, client, sale, shipment):
                sums[edge] += mg
                events[edge].add(position)
    return {edge: (mg, sorted(events[edge])) for edge, mg in sums.items() if mg}


def _edges_of(measure: str, client: str, sale: int, shipment: int) -> list[Edge]:
    match measure:
        case "sold":
            return [("sold", f"exporter/{'AB'[sale // 3]}", _sale(sale)), ("sold_to", _sale(sale), client)]
        case "cancelled":
            return [("cancelled", _sale(sale), client)]
        case "shipped":
            return [("drawn", _sale(sale), _shipment(shipment)), ("shipped", _shipment(shipment), client)]
        case _:
            return [("received", _shipment(shipment), client)]


def _sale(number: int) -> str:
    return f"sale/{'AB'[number // 3]}/S{number}"


def _shipment(number: int) -> str:
    return f"shipment/{number}"
