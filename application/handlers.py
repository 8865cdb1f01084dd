"""Which streams a command needs and which decision judges it: an explicit table."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from domain.aggregates import State
from domain.client import decide as client
from domain.client.commands import RegisterClient
from domain.client.state import Client
from domain.event import Event, Frozen
from domain.exporter import decide as exporter
from domain.exporter.commands import RegisterExporter
from domain.exporter.state import Exporter
from domain.grade import decide as grade
from domain.grade.commands import StateGrade
from domain.grade.state import Grade
from domain.parties import Parties
from domain.sale import decide as sale
from domain.sale.commands import RecordSale, VoidSale
from domain.sale.state import Sale
from domain.shipment import decide as shipment
from domain.shipment.commands import ExportShipment, VoidShipment
from domain.shipment.state import Shipment
from domain.streams import client_stream, exporter_stream, grade_stream, sale_stream, shipment_stream

States = Mapping[str, State]
AnyCommand = TypeVar("AnyCommand", bound=Frozen)


@dataclass(frozen=True, slots=True)
class Handler:
    """How one command type is handled.

    Attributes:
        needs: the streams to load, given what is loaded so far; asked again until it names nothing new.
        decide: judges the command on those states; the date is today in Asia/Shanghai.
    """

    needs: Callable[[Frozen, States], Collection[str]]
    decide: Callable[[Frozen, States, date], tuple[Event, ...]]


def handler_of(command: Frozen) -> Handler:
    """Find the handler of a command.

    Raises:
        KeyError: the command has none.
    """
    return HANDLERS[type(command)]


def _handler(
    command_type: type[AnyCommand],
    needs: Callable[[AnyCommand, States], Collection[str]],
    decide: Callable[[AnyCommand, States, date], tuple[Event, ...]],
) -> tuple[type[Frozen], Handler]:
    # The table keeps command type and functions together, so the casts cannot go wrong.
    return command_type, Handler(
        needs=cast("Callable[[Frozen, States], Collection[str]]", needs),
        decide=cast("Callable[[Frozen, States, date], tuple[Event, ...]]", decide),
    )


def _register_exporter(command: RegisterExporter, states: States, _today: date) -> tuple[Event, ...]:
    return exporter.register(_exporter(states, command.uscc), command)


def _register_client(command: RegisterClient, states: States, _today: date) -> tuple[Event, ...]:
    state = cast("Client", states[client_stream(command.exporter, command.client_ref)])
    return client.register(state, command, _exporter(states, command.exporter))


def _state_grade(command: StateGrade, states: States, _today: date) -> tuple[Event, ...]:
    return grade.state_nominal(cast("Grade", states[grade_stream(command.grade)]), command)


def _record_sale(command: RecordSale, states: States, today: date) -> tuple[Event, ...]:
    state = cast("Sale", states[sale_stream(command.exporter, command.contract_no)])
    grades = {each.grade: cast("Grade", states[grade_stream(each.grade)]) for each in command.lines}
    return sale.record(state, command, _parties(states, command.exporter, command.client_ref, grades), today)


def _void_sale(command: VoidSale, states: States, _today: date) -> tuple[Event, ...]:
    return sale.void(cast("Sale", states[sale_stream(command.exporter, command.contract_no)]), command)


def _export_shipment(command: ExportShipment, states: States, today: date) -> tuple[Event, ...]:
    state = cast("Shipment", states[shipment_stream(command.declaration_no)])
    drawn_on = cast("Sale", states[sale_stream(command.exporter, command.contract_no)])
    parties = _parties(states, command.exporter, command.client_ref, {})
    return shipment.export(state, command, drawn_on, parties, today)


def _void_shipment(command: VoidShipment, states: States, _today: date) -> tuple[Event, ...]:
    state = cast("Shipment", states[shipment_stream(command.declaration_no)])
    drawn_on = Sale()
    if state.exported is not None:
        drawn_on = cast("Sale", states[sale_stream(state.exported.exporter, state.exported.contract_no)])
    return shipment.void(state, command, drawn_on)


def _void_shipment_needs(command: VoidShipment, states: States) -> Collection[str]:
    own = shipment_stream(command.declaration_no)
    loaded = states.get(own)
    if isinstance(loaded, Shipment) and loaded.exported is not None:
        return [own, sale_stream(loaded.exported.exporter, loaded.exported.contract_no)]
    return [own]


def _exporter(states: States, uscc: str) -> Exporter:
    return cast("Exporter", states[exporter_stream(uscc)])


def _parties(states: States, uscc: str, client_ref: str, grades: Mapping[str, Grade]) -> Parties:
    return Parties(
        exporter=_exporter(states, uscc), client=cast("Client", states[client_stream(uscc, client_ref)]), grades=grades
    )


HANDLERS: Mapping[type[Frozen], Handler] = dict(
    [
        _handler(RegisterExporter, lambda command, _: [exporter_stream(command.uscc)], _register_exporter),
        _handler(
            RegisterClient,
            lambda command, _: [
                exporter_stream(command.exporter),
                client_stream(command.exporter, command.client_ref),
            ],
            _register_client,
        ),
        _handler(StateGrade, lambda command, _: [grade_stream(command.grade)], _state_grade),
        _handler(
            RecordSale,
            lambda command, _: [
                exporter_stream(command.exporter),
                client_stream(command.exporter, command.client_ref),
                sale_stream(command.exporter, command.contract_no),
                *(grade_stream(each.grade) for each in command.lines),
            ],
            _record_sale,
        ),
        _handler(VoidSale, lambda command, _: [sale_stream(command.exporter, command.contract_no)], _void_sale),
        _handler(
            ExportShipment,
            lambda command, _: [
                exporter_stream(command.exporter),
                client_stream(command.exporter, command.client_ref),
                sale_stream(command.exporter, command.contract_no),
                shipment_stream(command.declaration_no),
            ],
            _export_shipment,
        ),
        _handler(VoidShipment, _void_shipment_needs, _void_shipment),
    ]
)
