"""What a shipment takes from its sale."""

from collections import defaultdict
from collections.abc import Iterator

from domain.event import MAX_NET_MG
from domain.judging import Judge
from domain.sale.events import DrawnLine, SaleDrawn, SaleDrawReleased
from domain.sale.state import Sale
from domain.shipment.commands import ExportShipment
from domain.shipment.errors import SaleOverdrawn


def draw(sale: Sale, command: ExportShipment, client: str, judge: Judge) -> SaleDrawn:
    """Give what the sale's stream records of this shipment; lines of the same sale line are added up.

    Notes ``shipment.overdrawn``, naming the shipment's line with which the sale's line runs out.
    """
    drawn: dict[int, int] = defaultdict(int)
    for filed in command.lines:
        drawn[filed.sale_line_no] += filed.net_mg
        sold = sale.line(filed.sale_line_no)
        used = sale.drawn_mg(filed.sale_line_no) + sale.cancelled_mg(filed.sale_line_no)
        if sold is not None and used + drawn[filed.sale_line_no] > sold.net_mg:
            text = f"line {filed.sale_line_no} of contract {command.contract_no} has too little left"
            judge.breach(SaleOverdrawn(text, field="net_kg", line_no=filed.line_no))
    return SaleDrawn(
        exporter=command.exporter,
        contract_no=command.contract_no,
        client=client,
        declaration_no=command.declaration_no,
        lines=tuple(each for line_no, net_mg in sorted(drawn.items()) for each in _drawn_lines(line_no, net_mg)),
    )


def release(sale: Sale, exporter: str, contract_no: str, client: str, declaration_no: str) -> SaleDrawReleased:
    """Give what the sale's stream records of a shipment that no longer draws on it."""
    return SaleDrawReleased(
        exporter=exporter,
        contract_no=contract_no,
        client=client,
        declaration_no=declaration_no,
        lines=sale.drawn.get(declaration_no, ()),
    )


def _drawn_lines(line_no: int, net_mg: int) -> Iterator[DrawnLine]:
    """Give one line, or several where customs reports a sum that one number cannot hold."""
    while net_mg > MAX_NET_MG:
        yield DrawnLine(line_no=line_no, net_mg=MAX_NET_MG)
        net_mg -= MAX_NET_MG
    yield DrawnLine(line_no=line_no, net_mg=net_mg)
