"""What may happen to a sale."""

from datetime import date
from typing import Any

from domain.client.decide import judge_client
from domain.event import Event, Movement, MovementLine
from domain.exporter.decide import judge_exporter
from domain.identifiers import require_uscc_form
from domain.judging import CONTRADICTS_FILING, CONTRADICTS_VOID, EXPORTER, Judge, Source
from domain.numbering import judge_number
from domain.parties import Parties
from domain.sale.commands import CorrectSale, RecordSale, VoidSale
from domain.sale.content import same_content, same_filing, stated_content
from domain.sale.errors import (
    SaleFiledDifferently,
    SaleHasShipments,
    SaleIsVoided,
    SaleUnknown,
)
from domain.sale.events import SaleContent, SaleCorrected, SaleRecorded, SaleVoided
from domain.sale.state import Sale
from domain.sale.use import judge_dates, judge_use


def record(  # noqa: PLR0913 - decide takes all it judges by, and reads nothing
    state: Sale,
    command: RecordSale,
    parties: Parties,
    today: date,
    source: Source = EXPORTER,
    *,
    first_exported_on: date | None = None,
) -> tuple[Event, ...]:
    """Record a sale; nothing if it stands with equal content. Customs' other content is a correction.

    Args:
        state: the sale.
        command: what is filed.
        parties: whom it names.
        today: in Asia/Shanghai.
        source: who states it.
        first_exported_on: the earliest export among the shipments that draw on it.

    Raises:
        DomainError: of the exporter, the client, the date or a line; ``sale.below_use``.
        SaleIsVoided: ``sale.voided``.
        SaleFiledDifferently: ``sale.already_filed_differently``.
    """
    judge = Judge(source)
    content = stated_content(command, parties, today, judge)
    known = state.recorded
    if known is not None and not state.voided and same_filing(known, content):
        return ()
    if state.voided:
        error = SaleIsVoided(f"contract {command.contract_no} was voided; use another number", field="contract_no")
        judge.breach(error, CONTRADICTS_VOID)
    elif known is not None:
        text = f"contract {command.contract_no} is already filed with other content"
        judge.breach(SaleFiledDifferently(text, field="contract_no"), CONTRADICTS_FILING)
    judge_use(state, content, judge)
    judge_dates(state, command.signed_on, first_exported_on, judge)
    if known is None and not state.voided:
        return (SaleRecorded(**content, violations=judge.settle()),)
    return (_correction(state, content, judge, correction_no=None, reason=None),)


def correct(  # noqa: PLR0913 - decide takes all it judges by, and reads nothing
    state: Sale,
    command: CorrectSale,
    parties: Parties,
    today: date,
    source: Source = EXPORTER,
    *,
    first_exported_on: date | None = None,
) -> tuple[Event, ...]:
    """State a sale as it should have been filed; nothing if that is what is in force. Arguments as for ``record``.

    Raises:
        DomainError: as ``record``; ``sale.unknown``, ``sale.voided``, ``sale.below_use``, ``sale.line_in_use``,
            ``sale.cancelled_before_signed``, ``shipment.before_sale``, ``number.already_used``, ``number.skipped``.
    """
    judge = Judge(source)
    content = stated_content(command, parties, today, judge)
    if state.recorded is None:
        text = f"no sale {command.exporter}/{command.contract_no} is filed"
        judge.breach(SaleUnknown(text, field="contract_no"))
    elif not state.voided and same_content(state.recorded, content):
        return ()
    if state.voided:
        error = SaleIsVoided(f"contract {command.contract_no} was voided", field="contract_no")
        judge.breach(error, CONTRADICTS_VOID)
    judge_number(command.correction_no, state.correction_no, judge, field="correction_no")
    judge_use(state, content, judge)
    judge_dates(state, command.signed_on, first_exported_on, judge)
    return (_correction(state, content, judge, correction_no=command.correction_no, reason=command.reason),)


def void(state: Sale, command: VoidSale, parties: Parties, source: Source = EXPORTER) -> tuple[Event, ...]:
    """Take a sale back, as wrongly filed; nothing if it is voided for that reason, or customs voids it again.

    Raises:
        DomainError: of the exporter or the client.
        SaleUnknown: ``sale.unknown``.
        SaleIsVoided: ``sale.voided``.
        SaleHasShipments: ``sale.has_shipments``.
    """
    require_uscc_form(command.exporter, field="key")
    if state.voided and state.void_reason == command.reason:
        return ()
    judge = Judge(source)
    if state.recorded is None:
        judge.breach(SaleUnknown(f"no sale {command.exporter}/{command.contract_no} is filed", field="key"))
    else:
        judge_exporter(parties.exporter, command.exporter, judge, field="key")
        judge_client(parties.client, state.recorded.client, command.exporter, judge)
    if state.voided:
        judge.breach(SaleIsVoided(f"sale {command.exporter}/{command.contract_no} is voided already", field="key"))
        judge.settle()
        return ()
    if state.drawn:
        drawing = ", ".join(sorted(state.drawn))
        judge.breach(SaleHasShipments(f"shipments still draw on the sale: {drawing}; void them first", field="key"))
    return (
        SaleVoided(
            exporter=command.exporter,
            contract_no=command.contract_no,
            client=state.recorded.client if state.recorded else None,
            reason=command.reason,
            reverses=state.standing,
            violations=judge.settle(),
        ),
    )


def _correction(
    state: Sale, content: dict[str, Any], judge: Judge, *, correction_no: int | None, reason: str | None
) -> SaleCorrected:
    stated = SaleContent(**content)
    return SaleCorrected(
        **content,
        correction_no=correction_no,
        reason=reason,
        reverses=state.standing,
        restated=tuple(_restated(each, stated) for each in state.cancelled.values()),
        violations=judge.settle(),
    )


def _restated(cancelled: Movement, content: SaleContent) -> Movement:
    """State a cancellation anew: the same mass on the same day, with the new client and composition."""
    ppm = {each.line_no: each.ppm for each in content.lines}
    lines = tuple(
        MovementLine(line_no=each.line_no, net_mg=each.net_mg, ppm=ppm.get(each.line_no, each.ppm))
        for each in cancelled.lines
    )
    return cancelled.model_copy(update={"client": content.client, "destination": content.destination, "lines": lines})
