"""A shipment as it should have been filed: what is taken back, what is stated, and what moves on its sales."""

from datetime import date

from domain.event import Event, Movement, MovementLine
from domain.judging import Judge
from domain.parties import Parties
from domain.sale.events import SaleDrawn
from domain.sale.state import Sale
from domain.shipment.commands import ExportShipment
from domain.shipment.content import stated_content
from domain.shipment.draws import draw, release
from domain.shipment.errors import DeliveredBeforeExport, LineReceived
from domain.shipment.events import ShipmentContent, ShipmentCorrected
from domain.shipment.sales import DrawnSales
from domain.shipment.state import Shipment
from domain.streams import sale_stream


def correction(  # noqa: PLR0913 - decide takes all it judges by, and what the correction is filed with
    state: Shipment,
    command: ExportShipment,
    sales: DrawnSales,
    parties: Parties,
    today: date,
    *,
    judge: Judge,
    correction_no: int | None = None,
    reason: str | None = None,
) -> tuple[Event, ...]:
    """Replace a shipment's content in force, and its draws where they change."""
    released = _released(state, sales)
    sale = _without_own_draw(command, sales, released)
    content = stated_content(command, sale, parties, today, judge)
    drawn = draw(sale, command, content["client"], judge)
    stated = ShipmentContent(**content)
    _judge_receipts(state, stated, judge)
    corrected = ShipmentCorrected(
        **content,
        correction_no=correction_no,
        reason=reason,
        reverses=state.standing,
        restated=tuple(_restated(each, stated) for each in state.received.values()),
        violations=judge.settle(),
    )
    return (corrected, *_moved_draws(released, drawn))


def _released(state: Shipment, sales: DrawnSales) -> tuple[Event, ...]:
    known = state.exported
    if known is None or known.declaration_no not in sales.drawn_on.drawn:
        return ()
    return (release(sales.drawn_on, known.exporter, known.contract_no, known.client, known.declaration_no),)


def _without_own_draw(command: ExportShipment, sales: DrawnSales, released: tuple[Event, ...]) -> Sale:
    sale = sales.stated
    for event in released:
        if event.stream == sale_stream(command.exporter, command.contract_no):
            sale = sale.evolve(event)
    return sale


def _moved_draws(released: tuple[Event, ...], drawn: SaleDrawn) -> tuple[Event, ...]:
    unchanged = [each for each in released if each.model_dump() == drawn.model_dump()]
    return () if unchanged else (*released, drawn)


def _judge_receipts(state: Shipment, content: ShipmentContent, judge: Judge) -> None:
    stated = {each.line_no for each in content.lines}
    for line_no in sorted(state.received_lines() - stated):
        judge.breach(LineReceived(f"line {line_no} was received and cannot be dropped", field="line_no"))
    if any(day < content.exported_on for day in state.received):
        text = f"exported on {content.exported_on}, but received on {min(state.received)}"
        judge.breach(DeliveredBeforeExport(text, field="exported_on"))


def _restated(received: Movement, content: ShipmentContent) -> Movement:
    """State a receipt anew: the same mass on the same day, with the new parties and composition."""
    ppm = {each.line_no: each.ppm for each in content.lines}
    lines = tuple(
        MovementLine(line_no=each.line_no, net_mg=each.net_mg, ppm=ppm.get(each.line_no, each.ppm))
        for each in received.lines
    )
    renewed = {name: getattr(content, name) for name in ("exporter", "contract_no", "client", "destination")}
    return received.model_copy(update={**renewed, "lines": lines})
