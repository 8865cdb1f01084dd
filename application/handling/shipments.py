"""Shipments: what their commands need, and which decision judges them."""

from collections.abc import Collection
from datetime import date

from application.handling.states import States, parties_of, sale_of, shipment_of
from domain.event import Event
from domain.judging import Source
from domain.parties import Parties
from domain.sale.state import Sale
from domain.shipment import decide as shipment
from domain.shipment.commands import ConfirmDelivery, CorrectShipment, ExportShipment, VoidShipment
from domain.shipment.delivering import confirm_delivery as judge_delivery
from domain.shipment.sales import DrawnSales
from domain.shipment.state import Shipment
from domain.streams import client_stream, exporter_stream, sale_stream, shipment_stream


def shipment_needs(command: ExportShipment, states: States) -> Collection[str]:
    """Its own stream, whom it names, the sale that it names, and the one that it draws on so far."""
    own = shipment_stream(command.declaration_no)
    return list(
        dict.fromkeys(
            [
                exporter_stream(command.exporter),
                client_stream(command.exporter, command.client_ref),
                sale_stream(command.exporter, command.contract_no),
                own,
                *_drawn_on_stream(states.get(own)),
            ]
        )
    )


def known_shipment_needs(command: VoidShipment | ConfirmDelivery, states: States) -> Collection[str]:
    """Its own stream, whom its content in force names, and the sale that it draws on."""
    own = shipment_stream(command.declaration_no)
    known = states.get(own)
    if isinstance(known, Shipment) and known.exported is not None:
        return [own, exporter_stream(known.exported.exporter), known.exported.client, *_drawn_on_stream(known)]
    return [own]


def export_shipment(command: ExportShipment, states: States, today: date, source: Source) -> tuple[Event, ...]:
    """Judge an export."""
    state = shipment_of(states, command.declaration_no)
    parties = parties_of(states, command.exporter, client_stream(command.exporter, command.client_ref))
    return shipment.export(state, command, _sales(command, state, states), parties, today, source=source)


def correct_shipment(command: CorrectShipment, states: States, today: date, source: Source) -> tuple[Event, ...]:
    """Judge a correction."""
    state = shipment_of(states, command.declaration_no)
    parties = parties_of(states, command.exporter, client_stream(command.exporter, command.client_ref))
    return shipment.correct(state, command, _sales(command, state, states), parties, today, source=source)


def void_shipment(command: VoidShipment, states: States, _today: date, source: Source) -> tuple[Event, ...]:
    """Judge a void."""
    state = shipment_of(states, command.declaration_no)
    return shipment.void(state, command, _drawn_on(state, states), _known_parties(state, states), source)


def confirm_delivery(command: ConfirmDelivery, states: States, today: date, source: Source) -> tuple[Event, ...]:
    """Judge a delivery."""
    state = shipment_of(states, command.declaration_no)
    return judge_delivery(state, command, _known_parties(state, states), today, source)


def _sales(command: ExportShipment, state: Shipment, states: States) -> DrawnSales:
    stated = sale_of(states, command.exporter, command.contract_no)
    return DrawnSales(stated=stated, drawn_on=_drawn_on(state, states))


def _drawn_on(state: Shipment, states: States) -> Sale:
    known = state.exported
    return sale_of(states, known.exporter, known.contract_no) if known else Sale()


def _drawn_on_stream(state: object) -> list[str]:
    known = state.exported if isinstance(state, Shipment) else None
    return [sale_stream(known.exporter, known.contract_no)] if known else []


def _known_parties(state: Shipment, states: States) -> Parties | None:
    known = state.exported
    return parties_of(states, known.exporter, known.client) if known else None
