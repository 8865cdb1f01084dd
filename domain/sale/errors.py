"""What is refused of a sale."""

from typing import ClassVar

from domain.errors import DomainError


class SaleUnknown(DomainError):
    """The sale has not been recorded."""

    code: ClassVar[str] = "sale.unknown"


class SaleFiledDifferently(DomainError):
    """The contract is known with other content."""

    code: ClassVar[str] = "sale.already_filed_differently"


class SaleIsVoided(DomainError):
    """The sale was voided; its key is not used again."""

    code: ClassVar[str] = "sale.voided"


class SaleHasShipments(DomainError):
    """Shipments that draw on the sale still stand."""

    code: ClassVar[str] = "sale.has_shipments"


class HsCodeMalformed(DomainError):
    """Not 6, 8 or 10 digits."""

    code: ClassVar[str] = "hs_code.malformed"


class PriceIncomplete(DomainError):
    """A price without a currency, or a currency without a price."""

    code: ClassVar[str] = "price.incomplete"


class PriceMalformed(DomainError):
    """A price that is no plain decimal number, or a currency that is no ISO 4217 code."""

    code: ClassVar[str] = "price.malformed"


class SaleBelowUse(DomainError):
    """Less would be sold than shipments draw and cancellations take."""

    code: ClassVar[str] = "sale.below_use"


class SaleLineInUse(DomainError):
    """A correction drops a line that shipments draw on or cancellations name."""

    code: ClassVar[str] = "sale.line_in_use"


class SaleLineUnknown(DomainError):
    """The sale has no such line."""

    code: ClassVar[str] = "sale.line_unknown"


class CancelledTooMuch(DomainError):
    """More would be cancelled of a line than was sold and neither shipped nor cancelled."""

    code: ClassVar[str] = "sale.cancelled_too_much"


class CancelledBeforeSigned(DomainError):
    """The cancellation lies before the day the sale was signed."""

    code: ClassVar[str] = "sale.cancelled_before_signed"


class CancellationFiledDifferently(DomainError):
    """The cancellation is known with other content."""

    code: ClassVar[str] = "sale.cancellation_already_filed_differently"
