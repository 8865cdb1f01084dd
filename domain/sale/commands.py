"""What can be asked of a sale's stream."""

from datetime import date

from domain.event import Frozen


class SaleLineFiled(Frozen):
    """One line as filed; ``ppm`` None asks for the grade's nominal composition on the business date."""

    line_no: int
    grade: str
    net_mg: int
    hs_code: str
    ppm: dict[str, int] | None
    unit_price: str | None
    currency: str | None


class RecordSale(Frozen):
    """File a sale. Fields as in ``SaleRecorded``."""

    exporter: str
    contract_no: str
    client_ref: str
    signed_on: date
    lines: tuple[SaleLineFiled, ...]


class VoidSale(Frozen):
    """Say that a sale's filing was wrong and that the sale did not happen."""

    exporter: str
    contract_no: str
    reason: str


class CorrectSale(RecordSale):
    """State the whole filing as it should have been. Fields as in ``SaleCorrected``."""

    correction_no: int
    reason: str


class CancelledLine(Frozen):
    """What is cancelled of one line of a sale."""

    line_no: int
    net_mg: int


class CancelSaleLines(Frozen):
    """Say that some of what was sold will not be delivered. Fields as in ``SaleLineCancelled``."""

    exporter: str
    contract_no: str
    cancellation_no: str
    cancelled_on: date
    reason: str
    lines: tuple[CancelledLine, ...]
