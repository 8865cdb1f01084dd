"""What may happen to a shipment, and with it to the sale that it draws on."""

from datetime import date

from domain.calendar import check_not_future
from domain.client.errors import ClientUnknown
from domain.countries import check_country
from domain.event import Event
from domain.exporter.decide import check_registered
from domain.identifiers import check_container
from domain.lines import check_line_numbers
from domain.mass import check_net_mg
from domain.parties import Parties
from domain.sale.errors import SaleIsVoided, SaleUnknown
from domain.sale.events import SaleDrawReleased, SaleRecorded
from domain.sale.state import Sale
from domain.shipment.commands import ExportShipment, VoidShipment
from domain.shipment.draws import draw, sale_line
from domain.shipment.errors import (
    ClientMismatch,
    ExportedBeforeSigned,
    ShipmentFiledDifferently,
    ShipmentIsVoided,
    ShipmentUnknown,
)
from domain.shipment.events import ShipmentExported, ShipmentLine, ShipmentVoided
from domain.shipment.state import Shipment
from domain.streams import client_stream


def export(state: Shipment, command: ExportShipment, sale: Sale, parties: Parties, today: date) -> tuple[Event, ...]:
    """Record an export and the draw on its sale; nothing if it stands with equal content.

    Raises:
        DomainError: of the exporter, the client, the sale, a date, a container or a line.
        ShipmentIsVoided: ``shipment.voided``.
        ShipmentFiledDifferently: ``shipment.already_filed_differently``.
    """
    if state.voided:
        raise ShipmentIsVoided(
            f"declaration {command.declaration_no} was voided; use another number", field="declaration_no"
        )
    if state.exported is not None and _states_the_same(state.exported, command):
        return ()
    if state.exported is not None:
        raise ShipmentFiledDifferently(
            f"declaration {command.declaration_no} is already filed with other content", field="declaration_no"
        )
    recorded = _standing_sale(command, sale, parties, today)
    _check_form(command)
    return (_exported(command, recorded), draw(sale, recorded, command))


def void(state: Shipment, command: VoidShipment, sale: Sale) -> tuple[Event, ...]:
    """Take a shipment back, as wrongly filed, and release what it drew.

    Raises:
        ShipmentUnknown: ``shipment.unknown``.
        ShipmentIsVoided: ``shipment.voided``.
    """
    exported = state.exported
    if exported is None:
        raise ShipmentUnknown(f"no shipment {command.declaration_no} is filed", field="key")
    if state.voided:
        raise ShipmentIsVoided(f"shipment {command.declaration_no} is voided already", field="key")
    named = {"exporter": exported.exporter, "contract_no": exported.contract_no, "client": exported.client}
    voided = ShipmentVoided(
        declaration_no=command.declaration_no, reason=command.reason, reverses=(exported.movement,), **named
    )
    released = SaleDrawReleased(
        declaration_no=command.declaration_no, lines=sale.drawn.get(command.declaration_no, ()), **named
    )
    return (voided, released)


def _standing_sale(command: ExportShipment, sale: Sale, parties: Parties, today: date) -> SaleRecorded:
    check_registered(parties.exporter, command.exporter)
    if parties.client.registered is None:
        raise ClientUnknown(f"client {command.client_ref} is not listed by {command.exporter}", field="client_ref")
    if sale.recorded is None:
        raise SaleUnknown(f"contract {command.contract_no} of {command.exporter} is not filed", field="contract_no")
    if sale.voided:
        raise SaleIsVoided(f"contract {command.contract_no} was voided", field="contract_no")
    if sale.recorded.client != client_stream(command.exporter, command.client_ref):
        raise ClientMismatch(f"contract {command.contract_no} is with another client", field="client_ref")
    check_not_future(command.exported_on, today, field="exported_on")
    if command.exported_on < sale.recorded.signed_on:
        raise ExportedBeforeSigned(
            f"exported on {command.exported_on}, but signed on {sale.recorded.signed_on}", field="exported_on"
        )
    return sale.recorded


def _check_form(command: ExportShipment) -> None:
    check_country(command.destination, field="destination")
    for number in command.containers:
        check_container(number, field="container_no")
    check_line_numbers(each.line_no for each in command.lines)
    for each in command.lines:
        check_net_mg(each.net_mg, field="net_kg", line_no=each.line_no)


def _exported(command: ExportShipment, recorded: SaleRecorded) -> ShipmentExported:
    lines = []
    for filed in command.lines:
        sold = sale_line(recorded, filed)
        lines.append(
            ShipmentLine(
                line_no=filed.line_no,
                sale_line_no=filed.sale_line_no,
                grade=sold.grade,
                net_mg=filed.net_mg,
                ppm=sold.ppm,
            )
        )
    return ShipmentExported(
        client=recorded.client,
        lines=tuple(lines),
        **command.model_dump(exclude={"client_ref", "lines"}),
    )


def _states_the_same(exported: ShipmentExported, command: ExportShipment) -> bool:
    filed = [(each.line_no, each.sale_line_no, each.net_mg) for each in command.lines]
    stated = [(each.line_no, each.sale_line_no, each.net_mg) for each in exported.lines]
    plain = command.model_dump(exclude={"client_ref", "lines"})
    return (
        filed == stated
        and exported.client == client_stream(command.exporter, command.client_ref)
        and all(getattr(exported, name) == value for name, value in plain.items())
    )
