"""What may happen to a shipment, and with it to the sale that it draws on."""

from datetime import date
from typing import Any

from domain.client.decide import judge_client
from domain.event import Event
from domain.exporter.decide import judge_exporter
from domain.judging import CONTRADICTS_FILING, CONTRADICTS_VOID, EXPORTER, Judge, Source
from domain.numbering import judge_number
from domain.parties import Parties
from domain.sale.state import Sale
from domain.shipment.commands import CorrectShipment, ExportShipment, VoidShipment
from domain.shipment.content import composed_as_sold, stated_content, states_the_same
from domain.shipment.correcting import correction
from domain.shipment.draws import draw, release
from domain.shipment.errors import ShipmentFiledDifferently, ShipmentIsVoided, ShipmentUnknown
from domain.shipment.events import ShipmentExported, ShipmentVoided
from domain.shipment.sales import DrawnSales
from domain.shipment.state import Shipment


def export(  # noqa: PLR0913 - decide takes all it judges by, and reads nothing
    state: Shipment,
    command: ExportShipment,
    sales: DrawnSales,
    parties: Parties,
    today: date,
    *,
    source: Source = EXPORTER,
) -> tuple[Event, ...]:
    """Record an export and the draw on its sale; nothing if it stands with equal content.

    Raises:
        DomainError: of the exporter, the client, the sale, a date, a container or a line.
        ShipmentIsVoided: ``shipment.voided``.
        ShipmentFiledDifferently: ``shipment.already_filed_differently``.
    """
    known = state.exported
    if known is not None and not state.voided and states_the_same(known, command):
        return ()
    judge = Judge(source)
    if state.voided:
        text = f"declaration {command.declaration_no} was voided; use another number"
        judge.breach(ShipmentIsVoided(text, field="declaration_no"), CONTRADICTS_VOID)
    elif known is not None:
        text = f"declaration {command.declaration_no} is already filed with other content"
        judge.breach(ShipmentFiledDifferently(text, field="declaration_no"), CONTRADICTS_FILING)
    if known is not None or state.voided:
        return correction(state, command, sales, parties, today, judge=judge)
    content = stated_content(command, sales.stated, parties, today, judge)
    drawn = draw(sales.stated, command, content["client"], judge)
    return (ShipmentExported(**content, violations=judge.settle()), drawn)


def correct(  # noqa: PLR0913 - decide takes all it judges by, and reads nothing
    state: Shipment,
    command: CorrectShipment,
    sales: DrawnSales,
    parties: Parties,
    today: date,
    *,
    source: Source = EXPORTER,
) -> tuple[Event, ...]:
    """State a shipment as it should have been filed; nothing if that is in force, with its sale's composition.

    Raises:
        DomainError: as ``export``; ``shipment.unknown``, ``shipment.voided``, ``shipment.line_received``,
            ``number.already_used``, ``number.skipped``.
    """
    known = state.exported
    if known is not None and not state.voided and states_the_same(known, command):
        # A further correction with the same content takes over the composition that the contract now states.
        further = command.correction_no > state.correction_no
        if not further or composed_as_sold(known, sales.stated):
            return ()
    judge = Judge(source)
    if known is None:
        judge.breach(_unknown(command.declaration_no, field="declaration_no"))
    if state.voided:
        error = ShipmentIsVoided(f"declaration {command.declaration_no} was voided", field="declaration_no")
        judge.breach(error, CONTRADICTS_VOID)
    judge_number(command.correction_no, state.correction_no, judge, field="correction_no")
    numbered: dict[str, Any] = {"correction_no": command.correction_no, "reason": command.reason}
    return correction(state, command, sales, parties, today, judge=judge, **numbered)


def void(
    state: Shipment, command: VoidShipment, sale: Sale, parties: Parties | None, source: Source = EXPORTER
) -> tuple[Event, ...]:
    """Take a shipment back, as wrongly filed, and release what it drew.

    Nothing if it is voided for that reason, or customs voids what is voided.

    Args:
        state: the shipment.
        command: what is asked.
        sale: what it draws on.
        parties: whom its content in force names; None while it is unknown.
        source: who states it.

    Raises:
        DomainError: of the exporter or the client.
        ShipmentUnknown: ``shipment.unknown``.
        ShipmentIsVoided: ``shipment.voided``.
    """
    if state.voided and state.void_reason == command.reason:
        return ()
    judge = Judge(source)
    known = state.exported
    if known is None:
        judge.breach(_unknown(command.declaration_no, field="key"))
    elif parties is not None:
        judge_exporter(parties.exporter, known.exporter, judge, field="key")
        judge_client(parties.client, known.client, known.exporter, judge)
    if state.voided:
        judge.breach(ShipmentIsVoided(f"shipment {command.declaration_no} is voided already", field="key"))
        judge.settle()
        return ()
    voided = ShipmentVoided(
        declaration_no=command.declaration_no,
        exporter=known.exporter if known else None,
        client=known.client if known else None,
        contract_no=known.contract_no if known else None,
        reason=command.reason,
        reverses=state.standing,
        violations=judge.settle(),
    )
    if known is None:
        return (voided,)
    return (voided, release(sale, known.exporter, known.contract_no, known.client, command.declaration_no))


def _unknown(declaration_no: str, *, field: str) -> ShipmentUnknown:
    return ShipmentUnknown(f"no shipment {declaration_no} is filed", field=field)
