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
