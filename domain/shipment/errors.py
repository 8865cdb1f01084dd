"""What is refused of a shipment."""

from typing import ClassVar

from domain.errors import DomainError


class ShipmentUnknown(DomainError):
    """The declaration has not been filed."""

    code: ClassVar[str] = "shipment.unknown"


class ShipmentFiledDifferently(DomainError):
    """The declaration is known with other content."""

    code: ClassVar[str] = "shipment.already_filed_differently"


class ShipmentIsVoided(DomainError):
    """The shipment was voided; its key is not used again."""

    code: ClassVar[str] = "shipment.voided"


class ClientMismatch(DomainError):
    """The shipment's client is not its sale's client."""

    code: ClassVar[str] = "shipment.client_mismatch"


class ExportedBeforeSigned(DomainError):
    """The export lies before the day the sale was signed."""

    code: ClassVar[str] = "shipment.before_sale"


class SaleLineUnknown(DomainError):
    """The sale has no such line."""

    code: ClassVar[str] = "shipment.sale_line_unknown"


class SaleOverdrawn(DomainError):
    """Shipments would draw more from a line of the sale than was sold."""

    code: ClassVar[str] = "shipment.overdrawn"


class LineReceived(DomainError):
    """A correction drops a line of which something was received."""

    code: ClassVar[str] = "shipment.line_received"


class DeliveryLineUnknown(DomainError):
    """The shipment has no such line."""

    code: ClassVar[str] = "delivery.line_unknown"


class DeliveredBeforeExport(DomainError):
    """The delivery lies before the day of the export."""

    code: ClassVar[str] = "delivery.before_export"


class DeliveryFiledDifferently(DomainError):
    """A delivery of that day is known with other content."""

    code: ClassVar[str] = "delivery.already_filed_differently"


class SurplusUnexplained(DomainError):
    """More was received than shipped, without a reason."""

    code: ClassVar[str] = "delivery.surplus_unexplained"


class ReasonContradicted(DomainError):
    """A shortage where nothing is missing, or a surplus where nothing is too much."""

    code: ClassVar[str] = "delivery.reason_contradicted"


class NothingReceived(DomainError):
    """No mass was received, and no reason is stated."""

    code: ClassVar[str] = "delivery.nothing_received"
