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
