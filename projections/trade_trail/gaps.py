"""The three-way match: sold but not shipped, shipped but not received, received with a difference."""

from typing import Any

from domain.mass import format_kg_from_mg
from domain.streams import exporter_stream
from projections.answers import UnknownStream
from projections.ports import Rows
from projections.trade_trail.query import Gap, GapQuery

# Of each line what stands, once per measure and business date.
_STANDING = """
standing AS (
    SELECT sale, shipment, line_no, measure, business_date, sum(mg) AS mg
    FROM scope CROSS JOIN LATERAL unnest(line_nos, line_mg) AS line (line_no, mg)
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(mg) <> 0
)"""
# A delivery's reason holds until the next delivery of that line; '' says that there is none.
_GAPS = """
sales AS (
    SELECT sale AS stream, 'sold_not_shipped' AS kind, NULL AS reason,
           sum(CASE measure WHEN 'sold' THEN mg WHEN 'cancelled' THEN -mg WHEN 'shipped' THEN -mg ELSE 0 END) AS mg,
           min(business_date) FILTER (WHERE measure = 'sold') AS since
    FROM standing GROUP BY sale
), lines AS (
    SELECT shipment, line_no, sum(CASE measure WHEN 'shipped' THEN mg ELSE -mg END) AS mg,
           min(business_date) FILTER (WHERE measure = 'shipped') AS shipped_on,
           max(business_date) FILTER (WHERE measure = 'received') AS received_on
    FROM standing WHERE measure IN ('shipped', 'received') GROUP BY shipment, line_no
), explained AS (
    SELECT l.*, nullif(stated.reason, '') AS reason FROM lines l LEFT JOIN (
        SELECT DISTINCT ON (shipment, line_no) shipment, line_no, reason
        FROM scope CROSS JOIN LATERAL unnest(line_nos, reasons) AS line (line_no, reason) WHERE reason IS NOT NULL
        ORDER BY shipment, line_no, position DESC, ordinal DESC) AS stated USING (shipment, line_no)
), shipments AS (
    SELECT shipment AS stream, CASE WHEN reason IS NULL AND mg > 0 THEN 'shipped_not_received'
               ELSE 'received_difference' END AS kind,
           reason, mg, CASE WHEN reason IS NULL AND mg > 0 THEN shipped_on ELSE received_on END AS since
    FROM explained WHERE mg <> 0
), gap AS (
    SELECT stream, CASE WHEN mg > 0 THEN kind ELSE 'shipped_not_sold' END AS kind, reason, mg, since FROM sales
    WHERE mg <> 0
    UNION ALL
    SELECT stream, kind, reason, sum(mg), min(since) FROM shipments GROUP BY stream, kind, reason HAVING sum(mg) <> 0
)"""
_SCOPE = """
WITH scope AS MATERIALIZED (
    SELECT s.* FROM (
        SELECT DISTINCT sale FROM {named} WHERE position <= %(position)s
        GROUP BY sale, measure HAVING sum(net_mg) <> 0) AS named
    CROSS JOIN LATERAL (
        SELECT * FROM trail_steps t WHERE t.sale = named.sale AND t.position <= %(position)s OFFSET 0) AS s
),
"""
_ALL = "WITH scope AS (SELECT * FROM trail_steps WHERE position <= %(position)s),"
_OF_CLIENTS = "(SELECT * FROM trail_steps WHERE client = ANY(%(clients)s){of_exporters}) AS of_clients"
_ALSO_OF_EXPORTERS = " AND split_part(sale, '/', 2) = ANY(%(exporters)s)"
# A sale names its exporter; what follows the slash in order ends what begins with it.
_OF_EXPORTERS = """unnest(%(exporters)s::text[]) AS named (uscc) CROSS JOIN LATERAL (
            SELECT * FROM trail_steps
            WHERE sale >= 'sale/' || uscc || '/' AND sale < 'sale/' || uscc || '0' AND split_part(sale, '/', 2) = uscc
            OFFSET 0) AS of_exporters"""
_RECORDED = "SELECT FROM lodestone.events WHERE stream = %(stream)s LIMIT 1"
_OLD_ENOUGH = """
SELECT stream, kind, abs(mg), %(today)s::date - since AS days, reason FROM gap
WHERE %(older_than)s::int IS NULL OR %(today)s::date - since > %(older_than)s
ORDER BY days DESC NULLS LAST, stream COLLATE "C", kind, reason
"""


def gaps(rows: Rows, query: GapQuery, position: int) -> list[Gap]:
    """Give what does not match, oldest first, as known at a position.

    Raises:
        UnknownStream: ``stream.unknown``, for an exporter or client of which nothing is recorded.
    """
    _refuse_unknown(rows, query)
    parameters: dict[str, Any] = {
        "position": position,
        "exporters": list(query.exporters),
        "clients": list(query.clients),
        "older_than": query.older_than_days,
        "today": query.today,
    }
    found = rows.execute(f"{_scope(query)}{_STANDING},{_GAPS}{_OLD_ENOUGH}", parameters)
    return [
        Gap(stream, kind, format_kg_from_mg(int(mg)), None if days is None else int(days), reason)
        for stream, kind, mg, days, reason in found
    ]


def _refuse_unknown(rows: Rows, query: GapQuery) -> None:
    """A slip of the pen is no empty answer. A client that customs alone named has steps and no stream."""
    for exporter in query.exporters:
        _refuse_unrecorded(rows, exporter_stream(exporter), _OF_EXPORTERS, {"exporters": [exporter]})
    for client in query.clients:
        _refuse_unrecorded(rows, client, _OF_CLIENTS.format(of_exporters=""), {"clients": [client]})


def _refuse_unrecorded(rows: Rows, stream: str, steps: str, named: dict[str, Any]) -> None:
    recorded = rows.execute(_RECORDED, {"stream": stream})
    if not recorded and not rows.execute(f"SELECT FROM {steps} LIMIT 1", named):
        raise UnknownStream(f"nothing is recorded of {stream}")


def _scope(query: GapQuery) -> str:
    """Give all steps of the sales asked for, found by client or exporter where one is named."""
    if query.clients:
        also = _ALSO_OF_EXPORTERS if query.exporters else ""
        return _SCOPE.format(named=_OF_CLIENTS.format(of_exporters=also))
    return _SCOPE.format(named=_OF_EXPORTERS) if query.exporters else _ALL
