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
