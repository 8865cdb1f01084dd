"""What a shipment takes from its sale."""

from collections import defaultdict

from domain.sale.events import DrawnLine, SaleDrawn, SaleLine, SaleRecorded
from domain.sale.state import Sale
from domain.shipment.commands import ExportShipment, ShipmentLineFiled
from domain.shipment.errors import SaleLineUnknown, SaleOverdrawn


def sale_line(recorded: SaleRecorded, filed: ShipmentLineFiled) -> SaleLine:
    """Find the line of the sale that a line of the shipment draws on.

    Raises:
        SaleLineUnknown: ``shipment.sale_line_unknown``.
    """
    for each in recorded.lines:
        if each.line_no == filed.sale_line_no:
            return each
    raise SaleLineUnknown(
        f"contract {recorded.contract_no} has no line {filed.sale_line_no}", field="sale_line_no", line_no=filed.line_no
    )


def draw(sale: Sale, recorded: SaleRecorded, command: ExportShipment) -> SaleDrawn:
    """Give what the sale's stream records of this shipment; lines of the same sale line are added up.

    Raises:
        SaleOverdrawn: ``shipment.overdrawn``, naming the shipment's line with which the sale's line runs out.
    """
    drawn: dict[int, int] = defaultdict(int)
    for filed in command.lines:
        sold = sale_line(recorded, filed).net_mg
        drawn[filed.sale_line_no] += filed.net_mg
        if sale.drawn_mg(filed.sale_line_no) + drawn[filed.sale_line_no] > sold:
            raise SaleOverdrawn(
                f"line {filed.sale_line_no} of contract {recorded.contract_no} has too little left",
                field="net_kg",
                line_no=filed.line_no,
            )
    return SaleDrawn(
        exporter=recorded.exporter,
        contract_no=recorded.contract_no,
        client=recorded.client,
        declaration_no=command.declaration_no,
        lines=tuple(DrawnLine(line_no=line_no, net_mg=net_mg) for line_no, net_mg in sorted(drawn.items())),
    )
