"""What may be received of a shipment."""

from datetime import date

from domain.calendar import check_not_future
from domain.client.decide import judge_client
from domain.event import MAX_NET_MG, Event
from domain.exporter.decide import judge_exporter
from domain.judging import CONTRADICTS_FILING, EXPORTER, Judge, Source
from domain.lines import check_line_numbers
from domain.mass import MassTooLarge
from domain.parties import Parties
from domain.shipment.commands import ConfirmDelivery, ReceivedLineFiled
from domain.shipment.errors import (
    DeliveredBeforeExport,
    DeliveryFiledDifferently,
    DeliveryLineUnknown,
    NothingReceived,
    ReasonContradicted,
    ShipmentIsVoided,
    ShipmentUnknown,
    SurplusUnexplained,
)
from domain.shipment.events import DeliveryConfirmed, ReceivedLine
from domain.shipment.state import Shipment


def confirm_delivery(
    state: Shipment, command: ConfirmDelivery, parties: Parties | None, today: date, source: Source = EXPORTER
) -> tuple[Event, ...]:
    """Record what was received; nothing if that very delivery stands.

    A shipment may arrive in parts, on several days: less than was shipped needs no reason, as more may come.

    Args:
        state: the shipment.
        command: what arrived.
        parties: whom the shipment's content in force names; None while it is unknown.
        today: in Asia/Shanghai.
        source: who states it.

    Raises:
        DomainError: of the exporter, the client or the date; ``shipment.unknown``, ``shipment.voided``,
            ``delivery.line_unknown``, ``delivery.before_export``, ``delivery.surplus_unexplained``,
            ``delivery.reason_contradicted``, ``delivery.nothing_received``,
            ``delivery.already_filed_differently``, ``mass.too_large``.
    """
    check_line_numbers(each.line_no for each in command.lines)
    before = state.deliveries.get(command.received_on)
    if before is not None and not state.voided and _states_the_same(before, command):
        return ()
    judge = Judge(source)
    _judge_shipment(state, command, parties, judge)
    with judge.rule():
        check_not_future(command.received_on, today, field="received_on")
    if before is not None:
        text = f"what arrived on {command.received_on} is already filed with other content"
        judge.breach(DeliveryFiledDifferently(text, field="received_on"), CONTRADICTS_FILING)
    taken_back = state.received.get(command.received_on)
    others = state.model_copy(
        update={"received": {day: move for day, move in state.received.items() if day != command.received_on}}
    )
    lines = tuple(_received(others, each, judge) for each in command.lines)
    known = state.exported if not state.voided else None
    return (
        DeliveryConfirmed(
            declaration_no=command.declaration_no,
            exporter=known.exporter if known else None,
            client=known.client if known else None,
            contract_no=known.contract_no if known else None,
            received_on=command.received_on,
            destination=known.destination if known else None,
            lines=lines,
            reverses=(taken_back,) if taken_back else (),
            violations=judge.settle(),
        ),
    )


def _judge_shipment(state: Shipment, command: ConfirmDelivery, parties: Parties | None, judge: Judge) -> None:
    name = command.declaration_no
    if state.voided:
        judge.breach(ShipmentIsVoided(f"shipment {name} was voided", field="declaration_no"))
    if state.exported is None:
        judge.breach(ShipmentUnknown(f"no shipment {name} is filed", field="declaration_no"))
        return
    if parties is not None:
        judge_exporter(parties.exporter, state.exported.exporter, judge, field="declaration_no")
        judge_client(parties.client, state.exported.client, state.exported.exporter, judge)
    if command.received_on < state.exported.exported_on:
        text = f"received on {command.received_on}, but exported on {state.exported.exported_on}"
        judge.breach(DeliveredBeforeExport(text, field="received_on"))


def _received(state: Shipment, filed: ReceivedLineFiled, judge: Judge) -> ReceivedLine:
    shipped = state.line(filed.line_no)
    if filed.net_mg > MAX_NET_MG:
        raise MassTooLarge(f"the mass exceeds {MAX_NET_MG} mg", field="received_kg", line_no=filed.line_no)
    if shipped is None and state.exported is not None:
        text = f"the shipment has no line {filed.line_no}"
        judge.breach(DeliveryLineUnknown(text, field="line_no", line_no=filed.line_no))
    if shipped is not None:
        _judge_reason(filed, state.received_mg(filed.line_no) + filed.net_mg - shipped.net_mg, judge)
    return ReceivedLine(
        line_no=filed.line_no, net_mg=filed.net_mg, ppm=shipped.ppm if shipped else {}, reason=filed.reason
    )


def _judge_reason(filed: ReceivedLineFiled, surplus_mg: int, judge: Judge) -> None:
    """Note a reason that is missing or cannot be; ``surplus_mg`` is what arrived so far beyond what was shipped."""
    line_no = filed.line_no
    if surplus_mg > 0 and filed.net_mg > 0 and filed.reason is None:
        text = f"line {line_no}: more was received than shipped; state the reason"
        judge.breach(SurplusUnexplained(text, field="reason", line_no=line_no))
    if (filed.reason == "shortage" and surplus_mg >= 0) or (filed.reason == "surplus" and surplus_mg <= 0):
        text = f"line {line_no}: the masses show no {filed.reason}"
        judge.breach(ReasonContradicted(text, field="reason", line_no=line_no))
    if filed.net_mg == 0 and filed.reason is None:
        text = f"line {line_no}: nothing was received; state the reason"
        judge.breach(NothingReceived(text, field="received_kg", line_no=line_no))


def _states_the_same(known: DeliveryConfirmed, command: ConfirmDelivery) -> bool:
    filed = [(each.line_no, each.net_mg, each.reason) for each in command.lines]
    return filed == [(each.line_no, each.net_mg, each.reason) for each in known.lines]
