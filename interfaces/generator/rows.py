"""From deals to rows of the filing formats."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from random import Random

from interfaces.generator.firms import clients, exporters
from interfaces.generator.grades import grade_rows
from interfaces.generator.trade import Deal, deals

Row = Sequence[str]
# Filings of one kind, each with its rows, in the order in which they are to take effect.
Filings = dict[str, list[list[Row]]]

HEADERS: dict[str, Row] = {
    "exporters": ("uscc", "name", "customs_code", "region"),
    "grades": ("grade", "family", "composition", "effective_from"),
    "clients": ("exporter_uscc", "client_ref", "legal_name", "country", "role", "lei", "registry_no", "end_use"),
    "sales": (
        *("exporter_uscc", "contract_no", "signed_on", "client_ref", "line_no", "grade", "net_kg", "hs_code"),
        *("composition", "unit_price", "currency"),
    ),
    "shipments": (
        *("declaration_no", "exporter_uscc", "contract_no", "client_ref", "exported_on", "line_no", "sale_line_no"),
        *("net_kg", "destination", "port", "licence_no", "container_no"),
    ),
    "voids": ("kind", "key", "reason"),
}


def generated(sales: int, seed: int) -> Filings:
    """Make the filings of a number of sales; the same for the same seed, on any day and machine."""
    random = Random(seed)
    sellers = exporters(random, max(3, min(40, sales // 400)))
    buyers = clients(random, sellers, max(12, min(400, sales // 50)))
    grades = grade_rows()
    filings: Filings = {
        "exporters": [[astuple(row)] for row in sellers],
        "grades": [[astuple(row)] for row in grades],
        "clients": [[astuple(row)] for row in buyers],
        "sales": [],
        "shipments": [],
        "voids": [],
    }
    for deal in deals(random, buyers, grades, sales):
        filings["sales"].append(list(_sale(deal)))
        filings["shipments"] += [list(rows) for rows in _shipments(deal)]
        filings["voids"] += [[row] for row in _voids(deal)]
    filings["shipments"].sort(key=lambda rows: (rows[0][4], rows[0][0]))
    return filings


def kg(net_mg: int) -> str:
    """Write milligrams as kilograms without needless zeros."""
    whole, rest = divmod(net_mg, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def _sale(deal: Deal) -> Iterator[Row]:
    for line in deal.lines:
        yield (
            deal.client.exporter_uscc,
            deal.contract_no,
            deal.signed_on.isoformat(),
            deal.client.client_ref,
            str(line.line_no),
            line.grade,
            kg(line.net_mg),
            line.hs_code,
            line.composition,
            line.unit_price,
            line.currency,
        )


def _shipments(deal: Deal) -> Iterator[Iterator[Row]]:
    for shipment in deal.shipments:
        yield (
            (
                shipment.declaration_no,
                deal.client.exporter_uscc,
                deal.contract_no,
                deal.client.client_ref,
                shipment.exported_on.isoformat(),
                str(line_no),
                str(sale_line_no),
                kg(net_mg),
                shipment.destination,
                shipment.port,
                shipment.licence_no,
                box,
            )
            for line_no, sale_line_no, net_mg, box in shipment.lines
        )


def _voids(deal: Deal) -> Iterator[Row]:
    # Shipments first: a sale whose shipments stand cannot be voided.
    for declaration_no, reason in deal.voided_shipments:
        yield "shipment", declaration_no, reason
    if deal.void_reason:
        yield "sale", f"{deal.client.exporter_uscc}/{deal.contract_no}", deal.void_reason
