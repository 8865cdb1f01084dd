"""What flowed between exporters, sales, shipments and clients: read in one statement, in few fat rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from projections.ports import Rows

# `scope`: every sale in which a step of the subject stands within the period, with all steps of it. A row that is
# handed over costs more than what is in it, so the columns of each measure come as arrays.
_FLOWS = """
WITH named AS (
    SELECT DISTINCT sale FROM trail_steps
    WHERE {column} = ANY(%(subjects)s) AND position <= %(position)s AND {period}
    GROUP BY sale, measure HAVING sum(net_mg) <> 0
), scope AS MATERIALIZED (
    SELECT s.* FROM named CROSS JOIN LATERAL (
        SELECT exporter, sale, shipment, client, measure, business_date, position, line_no, net_mg FROM trail_steps t
        WHERE t.sale = named.sale AND t.position <= %(position)s OFFSET 0) AS s
), flow AS (
    SELECT exporter, sale, coalesce(shipment, '') AS shipment, client, measure, sum(net_mg) AS mg,
           coalesce(sum(net_mg) FILTER (WHERE {shown} AND {period}), 0) AS shown_mg,
           coalesce(string_agg(position::text, ',') FILTER (WHERE {shown} AND {period}), '') AS positions
    FROM scope GROUP BY 1, 2, 3, 4, 5
), short AS (
    SELECT shipment, line_no, sum(CASE measure WHEN 'shipped' THEN net_mg ELSE -net_mg END) AS mg
    FROM scope WHERE measure IN ('shipped', 'received') AND {shown} GROUP BY 1, 2
    HAVING sum(CASE measure WHEN 'shipped' THEN net_mg ELSE -net_mg END) <> 0
), unexplained AS (
    SELECT short.shipment, short.mg FROM short WHERE coalesce((
        SELECT s.reason FROM trail_steps s
        WHERE s.shipment = short.shipment AND s.line_no = short.line_no AND s.reason IS NOT NULL
          AND s.position <= %(position)s
        ORDER BY s.position DESC, s.ordinal DESC LIMIT 1), '') = ''
)
SELECT measure, array_agg(exporter), array_agg(sale), array_agg(shipment), array_agg(client),
       array_agg(mg::text), array_agg(shown_mg::text), array_agg(positions)
FROM flow GROUP BY measure
UNION ALL
SELECT 'short', NULL, NULL, array_agg(shipment), NULL, array_agg(mg::text), NULL, NULL FROM unexplained
"""

Edge = tuple[str, str, str]


@dataclass(slots=True)
class Flows:
    """Milligrams around a subject.

    Attributes:
        edges: (kind, source, target) -> what the steps shown come to, and the positions of their events, with commas.
        sales: sale -> sold, less what was cancelled or shipped.
        shipments: (shipment, whether more was shipped than received) -> the difference that nothing explains.
    """

    edges: dict[Edge, tuple[int, str]] = field(default_factory=dict)
    sales: dict[str, int] = field(default_factory=dict)
    shipments: dict[tuple[str, bool], int] = field(default_factory=dict)


def read_flows(rows: Rows, column: str, shown: str, period: str, parameters: Mapping[str, object]) -> Flows:
    """Read what flowed in every sale that a subject has a part in.

    Args:
        rows: reads in the answer's snapshot.
        column: of ``trail_steps``, in which the subjects stand.
        shown: condition on steps that are shown at all.
        period: condition on steps whose business dates count.
        parameters: ``subjects``, ``position``, and what the conditions name.
    """
    flows = Flows()
    statement = _FLOWS.format(column=column, shown=shown, period=period)
    for measure, exporters, sales, shipments, clients, amounts, shown_amounts, positions in rows.execute(
        statement, dict(parameters)
    ):
        if measure == "short":
            _add_short(flows, shipments or (), amounts or ())
            continue
        weight = _WEIGHTS.get(measure, 0)
        for exporter, sale, shipment, client, mg, shown_mg, places in zip(
            exporters, sales, shipments, clients, map(int, amounts), map(int, shown_amounts), positions, strict=True
        ):
            flows.sales[sale] = flows.sales.get(sale, 0) + weight * mg
            if places:
                _add_edges(flows, _edges(measure, exporter, sale, shipment, client), shown_mg, places)
    return flows


_WEIGHTS: Mapping[str, int] = {"sold": 1, "cancelled": -1, "shipped": -1}


def _edges(measure: str, exporter: str, sale: str, shipment: str, client: str) -> Iterator[Edge]:
    match measure:
        case "sold":
            yield "sold", exporter, sale
            yield "sold_to", sale, client
        case "cancelled":
            yield "cancelled", sale, client
        case "shipped":
            yield "drawn", sale, shipment
            yield "shipped", shipment, client
        case "received":
            yield "received", shipment, client


def _add_edges(flows: Flows, edges: Iterator[Edge], mg: int, places: str) -> None:
    for edge in edges:
        known = flows.edges.get(edge)
        flows.edges[edge] = (mg, places) if known is None else (known[0] + mg, f"{known[1]},{places}")


def _add_short(flows: Flows, shipments: Sequence[str], amounts: Sequence[str]) -> None:
    for shipment, mg in zip(shipments, map(int, amounts), strict=True):
        key = (shipment, mg > 0)
        flows.shipments[key] = flows.shipments.get(key, 0) + mg
