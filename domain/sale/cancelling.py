"""What may be cancelled of a sale."""

from collections import Counter
from datetime import date

from domain.calendar import check_not_future
from domain.client.decide import judge_client
from domain.event import Event, MovementLine
from domain.exporter.decide import judge_exporter
from domain.judging import CONTRADICTS_FILING, EXPORTER, Judge, Source
from domain.lines import check_line_numbers
from domain.mass import check_net_mg
from domain.parties import Parties
from domain.sale.commands import CancelledLine, CancelSaleLines
from domain.sale.errors import (
    CancellationFiledDifferently,
    CancelledBeforeSigned,
    CancelledTooMuch,
    SaleIsVoided,
    SaleLineUnknown,
    SaleUnknown,
)
from domain.sale.events import SaleLineCancelled
from domain.sale.state import Sale


def cancel(
    state: Sale, command: CancelSaleLines, parties: Parties, today: date, source: Source = EXPORTER
) -> tuple[Event, ...]:
    """Cancel what was sold and not shipped; nothing if that very cancellation stands.

    Raises:
        DomainError: of the exporter, the client or the date; ``sale.unknown``, ``sale.voided``,
            ``sale.line_unknown``, ``sale.cancelled_too_much``, ``sale.cancelled_before_signed``,
            ``sale.cancellation_already_filed_differently``, ``mass.not_positive``.
    """
    judge = Judge(source)
    judge_exporter(parties.exporter, command.exporter, judge)
    check_line_numbers(each.line_no for each in command.lines)
    known = state.cancellations.get(command.cancellation_no)
    if known is not None and not state.voided and _states_the_same(known, command):
        return ()
    _judge_sale(state, command, parties, judge)
    with judge.rule():
        check_not_future(command.cancelled_on, today, field="cancelled_on")
    if known is not None:
        text = f"cancellation {command.cancellation_no} is already filed with other content"
        error = CancellationFiledDifferently(text, field="cancellation_no")
        judge.breach(error, CONTRADICTS_FILING)
    taken_back = state.cancelled.get(command.cancellation_no)
    before = Counter({each.line_no: each.net_mg for each in taken_back.lines} if taken_back else {})
    lines = tuple(_cancelled(state, each, before[each.line_no], judge) for each in command.lines)
    stands = state.recorded is not None and not state.voided
    return (
        SaleLineCancelled(
            exporter=command.exporter,
            contract_no=command.contract_no,
            client=state.recorded.client if state.recorded and stands else None,
            cancellation_no=command.cancellation_no,
            cancelled_on=command.cancelled_on,
            reason=command.reason,
            destination=state.recorded.destination if state.recorded else None,
            lines=lines,
            reverses=(taken_back,) if taken_back else (),
            violations=judge.settle(),
        ),
    )


def _judge_sale(state: Sale, command: CancelSaleLines, parties: Parties, judge: Judge) -> None:
    name = f"{command.exporter}/{command.contract_no}"
    if state.voided:
        judge.breach(SaleIsVoided(f"sale {name} was voided", field="contract_no"))
    if state.recorded is None:
        judge.breach(SaleUnknown(f"no sale {name} is filed", field="contract_no"))
        return
    judge_client(parties.client, state.recorded.client, command.exporter, judge)
    if command.cancelled_on < state.recorded.signed_on:
        text = f"cancelled on {command.cancelled_on}, but signed on {state.recorded.signed_on}"
        judge.breach(CancelledBeforeSigned(text, field="cancelled_on"))


def _cancelled(state: Sale, filed: CancelledLine, before: int, judge: Judge) -> MovementLine:
    with judge.rule():
        check_net_mg(filed.net_mg, field="cancelled_kg", line_no=filed.line_no)
    sold = state.line(filed.line_no)
    if sold is None:
        if state.recorded is not None:
            text = f"the sale has no line {filed.line_no}"
            judge.breach(SaleLineUnknown(text, field="line_no", line_no=filed.line_no))
        return MovementLine(line_no=filed.line_no, net_mg=filed.net_mg, ppm={})
    left = sold.net_mg - state.drawn_mg(filed.line_no) - state.cancelled_mg(filed.line_no) + before
    if filed.net_mg > left:
        text = f"line {filed.line_no} has too little left that was neither shipped nor cancelled"
        judge.breach(CancelledTooMuch(text, field="cancelled_kg", line_no=filed.line_no))
    return MovementLine(line_no=filed.line_no, net_mg=filed.net_mg, ppm=sold.ppm)


def _states_the_same(known: SaleLineCancelled, command: CancelSaleLines) -> bool:
    filed = [(each.line_no, each.net_mg) for each in command.lines]
    stated = [(each.line_no, each.net_mg) for each in known.lines]
    return filed == stated and known.cancelled_on == command.cancelled_on and known.reason == command.reason
