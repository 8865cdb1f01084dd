"""From deals to rows of the filing formats."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from random import Random

from interfaces.generator.afterwards import (
    cancellations,
    client_amendments,
    corrected_lines,
    corrected_shipment,
    deliveries,
    kg,
    standings,
)
from interfaces.generator.firms import clients, exporters
from interfaces.generator.grades import grade_rows
from interfaces.generator.trade import Deal, Shipment, deals

Row = Sequence[str]
# Filings of one kind, each with its rows, in the order in which they are to take effect.
Filings = dict[str, list[list[Row]]]

_CLIENT = ("exporter_uscc", "client_ref", "legal_name", "country", "role", "lei", "registry_no", "end_use")
_SALE = (
    *("exporter_uscc", "contract_no", "signed_on", "client_ref", "line_no", "grade", "net_kg", "hs_code"),
    *("composition", "unit_price", "currency"),
)
_SHIPMENT = (
    *("declaration_no", "exporter_uscc", "contract_no", "client_ref", "exported_on", "line_no", "sale_line_no"),
    *("net_kg", "destination", "port", "licence_no", "container_no"),
)
# In the order in which a folder is imported.
HEADERS: dict[str, Row] = {
    "exporters": ("uscc", "name", "customs_code", "region"),
    "grades": ("grade", "family", "composition", "effective_from"),
    "clients": _CLIENT,
    "client_amendments": (*_CLIENT, "amendment_no"),
    "sales": _SALE,
    "shipments": _SHIPMENT,
    "deliveries": ("declaration_no", "line_no", "received_kg", "received_on", "reason"),
    "cancellations": (
        *("exporter_uscc", "contract_no", "cancellation_no", "line_no", "cancelled_kg", "cancelled_on", "reason"),
    ),
    "sale_corrections": (*_SALE, "correction_no", "reason"),
    "shipment_corrections": (*_SHIPMENT, "correction_no", "reason"),
    "voids": ("kind", "key", "reason"),
    "standings": ("stream", "standing_no", "action", "reason"),
}


def generated(sales: int, seed: int) -> Filings:
    """Make the filings of a number of sales; the same for the same seed, on any day and machine."""
    random = Random(seed)
    sellers = exporters(random, max(3, min(40, sales // 400)))
    buyers = clients(random, sellers, max(12, min(400, sales // 50)))
    grades = grade_rows()
    filings: Filings = {kind: [] for kind in HEADERS}
    filings["exporters"] = [[astuple(row)] for row in sellers]
    filings["grades"] = [[astuple(row)] for row in grades]
    filings["clients"] = [[astuple(row)] for row in buyers]
    # What follows has a chance of its own: it changes nothing of the trade that it follows.
    later = Random(f"{seed} afterwards")
    filings["client_amendments"] = list(client_amendments(later, buyers))
    filings["standings"] = list(standings(later, buyers))
    for deal in deals(random, buyers, grades, sales):
        filings["sales"].append(list(_sale(deal)))
        filings["shipments"] += [list(_shipment(deal, each)) for each in deal.shipments]
        filings["voids"] += [[row] for row in _voids(deal)]
        _add_afterwards(filings, later, deal)
    if not filings["voids"]:
        # Of few sales none may be voided by chance, and there is a filing of every kind.
        filings["voids"].append([("shipment", filings["shipments"][-1][0][0], "typing error")])
    filings["shipments"].sort(key=lambda rows: (rows[0][4], rows[0][0]))
    return filings


def _add_afterwards(filings: Filings, random: Random, deal: Deal) -> None:
    filings["deliveries"] += deliveries(random, deal, first=not filings["deliveries"])
    filings["cancellations"] += cancellations(random, deal, first=not filings["cancellations"])
    for lines, number, reason in corrected_lines(random, deal, first=not filings["sale_corrections"]):
        filings["sale_corrections"].append([(*row, number, reason) for row in _sale(replace(deal, lines=lines))])
    for shipment in deal.shipments:
        corrected = corrected_shipment(random, shipment, first=not filings["shipment_corrections"])
        if corrected is not None:
            rows: list[Row] = [(*row, "1", "wrong port filed") for row in _shipment(deal, corrected)]
            filings["shipment_corrections"].append(rows)


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


def _shipment(deal: Deal, shipment: Shipment) -> Iterator[Row]:
    for line_no, sale_line_no, net_mg, box in shipment.lines:
        yield (
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


def _voids(deal: Deal) -> Iterator[Row]:
    # Shipments first: a sale whose shipments stand cannot be voided.
    for declaration_no, reason in deal.voided_shipments:
        yield "shipment", declaration_no, reason
    if deal.void_reason:
        yield "sale", f"{deal.client.exporter_uscc}/{deal.contract_no}", deal.void_reason
