"""What the tests of decisions are given: parties, a sale of two lines, a shipment of it, states of events."""

from datetime import date
from typing import Any, TypeVar

import pytest

from domain.client.events import ClientRegistered
from domain.client.state import Client
from domain.errors import DomainError
from domain.event import Event
from domain.exporter.events import ExporterRegistered
from domain.exporter.state import Exporter
from domain.grade.events import GradeDefined
from domain.grade.state import Grade
from domain.parties import Parties
from domain.sale import decide as sales
from domain.sale.commands import RecordSale, SaleLineFiled
from domain.sale.state import Sale
from domain.shipment import decide as shipments
from domain.shipment.commands import ExportShipment, ShipmentLineFiled
from domain.shipment.sales import DrawnSales
from domain.shipment.state import Shipment

AnyState = TypeVar("AnyState", Exporter, Client, Grade, Sale, Shipment)

USCC = "91999999MA20682835"
CLIENT = f"client/{USCC}/C1"
TODAY = date(2025, 7, 1)
SIGNED, EXPORTED = date(2025, 6, 1), date(2025, 6, 10)
KG = 1_000_000
NOMINAL, ASSAY = {"Nd": 270_000, "Dy": 20_000}, {"Pr": 310_000}

EXPORTER_KNOWN = ExporterRegistered(uscc=USCC, names=("Firm",), customs_code=None, region="999999")
GRADE_KNOWN = GradeDefined(grade="G", family="NdFeB", ppm=NOMINAL, effective_from=date(2025, 1, 1))


def client_known(client_ref: str = "C1", country: str = "DE") -> ClientRegistered:
    """Give the event by which a client is listed."""
    details: dict[str, Any] = {"lei": None, "registry_no": None, "end_use": None}
    return ClientRegistered(
        exporter=USCC, client_ref=client_ref, legal_name="One", country=country, role="trader", **details
    )


def folded(state: AnyState, *events: Event) -> AnyState:
    """Take events into a state."""
    for event in events:
        state = state.evolve(event)
    return state


def parties(client: Client | None = None) -> Parties:
    """Give a registered exporter, its client and one grade."""
    known = folded(Client(), client_known()) if client is None else client
    return Parties(
        exporter=folded(Exporter(), EXPORTER_KNOWN), client=known, grades={"G": folded(Grade(), GRADE_KNOWN)}
    )


def line(line_no: int = 1, net_mg: int = 10 * KG, ppm: dict[str, int] | None = None, **changes: Any) -> SaleLineFiled:
    """File a line of a sale."""
    filed = {"grade": "G", "hs_code": "850511", "unit_price": None, "currency": None, **changes}
    return SaleLineFiled(line_no=line_no, net_mg=net_mg, ppm=ppm, **filed)


def sale_filing(*lines: SaleLineFiled, **changes: Any) -> RecordSale:
    """File a sale of 10 kg by the grade and 5 kg by an assay, or of other lines."""
    filed = {"contract_no": "S", "client_ref": "C1", "signed_on": SIGNED, **changes}
    return RecordSale(exporter=USCC, lines=lines or (line(), line(2, 5 * KG, ASSAY)), **filed)


def a_sale(*later: Event) -> Sale:
    """Give that sale, recorded, and what happened to it later."""
    return folded(Sale(), *sales.record(Sale(), sale_filing(), parties(), TODAY), *later)


def shipped(line_no: int = 1, sale_line_no: int = 1, net_mg: int = 4 * KG) -> ShipmentLineFiled:
    """File a line of a shipment."""
    return ShipmentLineFiled(line_no=line_no, sale_line_no=sale_line_no, net_mg=net_mg)


def shipment_filing(*lines: ShipmentLineFiled, **changes: Any) -> ExportShipment:
    """File a shipment of 4 kg of the sale's first line, or of other lines."""
    filed = {
        "declaration_no": "D",
        "contract_no": "S",
        "client_ref": "C1",
        "exported_on": EXPORTED,
        "destination": "NL",
        "port": "Ningbo",
        "licence_no": None,
        "containers": (),
        **changes,
    }
    return ExportShipment(exporter=USCC, lines=lines or (shipped(),), **filed)


def exported(filing: ExportShipment | None = None, sale: Sale | None = None) -> tuple[Shipment, Sale]:
    """Give a shipment as it is exported, and the sale that it draws on."""
    drawn_on = sale or a_sale()
    events = shipments.export(Shipment(), filing or shipment_filing(), DrawnSales(drawn_on, Sale()), parties(), TODAY)
    return folded(Shipment(), *events), folded(drawn_on, *events)


def refused(raised: "pytest.ExceptionInfo[DomainError]") -> tuple[str, str | None, int | None]:
    """Give what a refusal tells a program: code, field and line."""
    return raised.value.code, raised.value.field, raised.value.line_no
