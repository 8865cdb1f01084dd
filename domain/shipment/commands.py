"""What can be asked of a shipment's stream."""

from datetime import date

from domain.event import Frozen
from domain.shipment.events import DifferenceReason


class ShipmentLineFiled(Frozen):
    """One line as filed, drawing on a line of the sale."""

    line_no: int
    sale_line_no: int
    net_mg: int


class ExportShipment(Frozen):
    """File an export. Fields as in ``ShipmentExported``."""

    declaration_no: str
    exporter: str
    contract_no: str
    client_ref: str
    exported_on: date
    destination: str
    port: str
    licence_no: str | None
    containers: tuple[str, ...]
    lines: tuple[ShipmentLineFiled, ...]


class VoidShipment(Frozen):
    """Say that a shipment's filing was wrong and that the shipment did not happen."""

    declaration_no: str
    reason: str


class CorrectShipment(ExportShipment):
    """State the whole filing as it should have been. Fields as in ``ShipmentCorrected``."""

    correction_no: int
    reason: str


class ReceivedLineFiled(Frozen):
    """What arrived of one line of a shipment."""

    line_no: int
    net_mg: int
    reason: DifferenceReason | None


class ConfirmDelivery(Frozen):
    """Say what the consignee received. Fields as in ``DeliveryConfirmed``."""

    declaration_no: str
    received_on: date
    lines: tuple[ReceivedLineFiled, ...]
