"""What may happen to a sale."""

from datetime import date

from domain.calendar import check_not_future
from domain.client.errors import ClientUnknown
from domain.event import MAX_NET_MG, Event
from domain.exporter.decide import check_registered
from domain.lines import check_line_numbers
from domain.mass import MassTooLarge
from domain.parties import Parties
from domain.sale.commands import RecordSale, VoidSale
from domain.sale.errors import SaleFiledDifferently, SaleHasShipments, SaleIsVoided, SaleUnknown
from domain.sale.events import SaleRecorded, SaleVoided
from domain.sale.lines import recorded_line
from domain.sale.state import Sale


def record(state: Sale, command: RecordSale, parties: Parties, today: date) -> tuple[Event, ...]:
    """Record a sale; nothing if it stands with equal content.

    Raises:
        DomainError: of the exporter, the client, the date or a line.
        SaleIsVoided: ``sale.voided``.
        SaleFiledDifferently: ``sale.already_filed_differently``.
    """
    event = _judged(command, parties, today)
    if state.voided:
        raise SaleIsVoided(f"contract {command.contract_no} was voided; use another number", field="contract_no")
    if state.recorded is None:
        return (event,)
    if state.recorded == event:
        return ()
    raise SaleFiledDifferently(
        f"contract {command.contract_no} is already filed with other content", field="contract_no"
    )


def void(state: Sale, command: VoidSale) -> tuple[Event, ...]:
    """Take a sale back, as wrongly filed; nothing if it was voided for the same reason.

    Raises:
        SaleUnknown: ``sale.unknown``.
        SaleIsVoided: ``sale.voided``.
        SaleHasShipments: ``sale.has_shipments``.
    """
    if state.recorded is None:
        raise SaleUnknown(f"no sale {command.exporter}/{command.contract_no} is filed", field="key")
    if state.voided:
        raise SaleIsVoided(f"sale {command.exporter}/{command.contract_no} is voided already", field="key")
    if state.drawn:
        standing = ", ".join(sorted(state.drawn))
        raise SaleHasShipments(f"shipments still draw on the sale: {standing}; void them first", field="key")
    return (
        SaleVoided(
            exporter=command.exporter,
            contract_no=command.contract_no,
            client=state.recorded.client,
            reason=command.reason,
            reverses=(state.recorded.movement,),
        ),
    )


def _judged(command: RecordSale, parties: Parties, today: date) -> SaleRecorded:
    check_registered(parties.exporter, command.exporter)
    client = parties.client.registered
    if client is None:
        raise ClientUnknown(f"client {command.client_ref} is not listed by {command.exporter}", field="client_ref")
    check_not_future(command.signed_on, today, field="signed_on")
    check_line_numbers(each.line_no for each in command.lines)
    lines = tuple(recorded_line(each, command.signed_on, parties.grades) for each in command.lines)
    if sum(each.net_mg for each in lines) > MAX_NET_MG:
        raise MassTooLarge(f"the lines sum to more than {MAX_NET_MG} mg", field="net_kg")
    return SaleRecorded(
        exporter=command.exporter,
        contract_no=command.contract_no,
        client=client.stream,
        signed_on=command.signed_on,
        destination=client.country,
        lines=lines,
    )
