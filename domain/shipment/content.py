"""What a filing of a shipment states: judged, and with everything copied in that its entries need."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.calendar import check_not_future
from domain.client.decide import judge_client
from domain.countries import check_country
from domain.exporter.decide import judge_exporter
from domain.identifiers import check_container
from domain.judging import Judge
from domain.lines import check_line_numbers
from domain.mass import check_net_mg
from domain.parties import Parties
from domain.sale.errors import SaleIsVoided, SaleUnknown
from domain.sale.state import Sale
from domain.shipment.commands import ExportShipment, ShipmentLineFiled
from domain.shipment.errors import ClientMismatch, ExportedBeforeSigned, SaleLineUnknown
from domain.shipment.events import ShipmentContent, ShipmentLine
from domain.streams import client_stream

_FILED_AS_THEY_ARE = (
    "declaration_no",
    "exporter",
    "contract_no",
    "exported_on",
    "destination",
    "port",
    "licence_no",
    "containers",
)


def stated_content(command: ExportShipment, sale: Sale, parties: Parties, today: date, judge: Judge) -> dict[str, Any]:
    """Give the fields of ``ShipmentContent``, and note every breach.

    Raises:
        DomainError: of what no event can hold: the USCC's form, the line numbers.
    """
    client = client_stream(command.exporter, command.client_ref)
    judge_exporter(parties.exporter, command.exporter, judge)
    judge_client(parties.client, command.client_ref, command.exporter, judge)
    _judge_sale(command, client, sale, judge)
    with judge.rule():
        check_not_future(command.exported_on, today, field="exported_on")
    _judge_date(command, sale, judge)
    with judge.rule():
        check_country(command.destination, field="destination")
    for number in command.containers:
        with judge.rule():
            check_container(number, field="container_no")
    check_line_numbers(each.line_no for each in command.lines)
    filed = {name: getattr(command, name) for name in _FILED_AS_THEY_ARE}
    return {**filed, "client": client, "lines": tuple(_line(each, sale, judge) for each in command.lines)}


def states_the_same(known: ShipmentContent, command: ExportShipment) -> bool:
    """Tell whether a filing states what is in force; grade and composition come from the sale."""
    filed = [(each.line_no, each.sale_line_no, each.net_mg) for each in command.lines]
    stated = [(each.line_no, each.sale_line_no, each.net_mg) for each in known.lines]
    return (
        filed == stated
        and known.client == client_stream(command.exporter, command.client_ref)
        and all(getattr(known, name) == getattr(command, name) for name in _FILED_AS_THEY_ARE)
    )


def composed_as_sold(known: ShipmentContent, sale: Sale) -> bool:
    """Tell whether what was shipped has the grades and compositions that its contract states now."""
    pairs = ((each, sale.line(each.sale_line_no)) for each in known.lines)
    return all(sold is None or (sold.grade, sold.ppm) == (each.grade, each.ppm) for each, sold in pairs)


def _judge_sale(command: ExportShipment, client: str, sale: Sale, judge: Judge) -> None:
    if sale.voided:
        judge.breach(SaleIsVoided(f"contract {command.contract_no} was voided", field="contract_no"))
    if sale.recorded is None:
        text = f"contract {command.contract_no} of {command.exporter} is not filed"
        judge.breach(SaleUnknown(text, field="contract_no"))
    elif sale.recorded.client != client:
        judge.breach(ClientMismatch(f"contract {command.contract_no} is with another client", field="client_ref"))


def _judge_date(command: ExportShipment, sale: Sale, judge: Judge) -> None:
    if sale.recorded is not None and command.exported_on < sale.recorded.signed_on:
        text = f"exported on {command.exported_on}, but signed on {sale.recorded.signed_on}"
        judge.breach(ExportedBeforeSigned(text, field="exported_on"))


def _line(filed: ShipmentLineFiled, sale: Sale, judge: Judge) -> ShipmentLine:
    with judge.rule():
        check_net_mg(filed.net_mg, field="net_kg", line_no=filed.line_no)
    sold = sale.line(filed.sale_line_no)
    if sold is None and sale.recorded is not None:
        text = f"contract {sale.recorded.contract_no} has no line {filed.sale_line_no}"
        judge.breach(SaleLineUnknown(text, field="sale_line_no", line_no=filed.line_no))
    ppm: Mapping[str, int] = sold.ppm if sold else {}
    return ShipmentLine(
        line_no=filed.line_no,
        sale_line_no=filed.sale_line_no,
        grade=sold.grade if sold else None,
        net_mg=filed.net_mg,
        ppm=dict(ppm),
    )
