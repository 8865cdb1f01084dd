"""The sales that a decision about a shipment looks at."""

from dataclasses import dataclass

from domain.sale.state import Sale


@dataclass(frozen=True, slots=True)
class DrawnSales:
    """The sale that a filing names, and the one that the shipment draws on so far; often the same."""

    stated: Sale
    drawn_on: Sale
