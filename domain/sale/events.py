"""What can be recorded about a sale (one exporter's contract)."""

from datetime import date
from typing import ClassVar, Literal

from domain.event import Event, Frozen, LineNo, Movement, MovementLine, NetMg, Number, Ppm, Symbol, UsccText
from domain.streams import sale_stream

CompositionBasis = Literal["assay", "lot", "grade_nominal"]


class SaleLine(Frozen):
    """One line of a contract.

    Attributes:
        line_no: number within the contract, 1 to 999.
        grade: magnet grade sold.
        net_mg: net mass in milligrams.
        ppm: composition recorded with the sale, whole ppm by mass for each element.
        basis: where ``ppm`` comes from.
        hs_code: 6, 8 or 10 digits.
        unit_price: decimal string, price of one kilogram, if stated.
        currency: ISO 4217 code of ``unit_price``, if stated.
    """

    line_no: LineNo
    grade: str
    net_mg: NetMg
    ppm: dict[Symbol, Ppm]
    basis: CompositionBasis
    hs_code: str
    unit_price: str | None
    currency: str | None


class DrawnLine(Frozen):
    """Net mass drawn from one line of a sale.

    Attributes:
        line_no: the line of the sale.
        net_mg: net mass in milligrams.
    """

    line_no: LineNo
    net_mg: NetMg


class _OfSale(Event):
    exporter: UsccText
    contract_no: str
    client: str | None

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return sale_stream(self.exporter, self.contract_no)

    @property
    def key(self) -> str:
        """Order by the client, where it is known."""
        return self.client or self.stream


class SaleContent(_OfSale):
    """What a filing of a sale states; the fields are those of ``SaleRecorded``."""

    client: str
    measure: Literal["sold"] = "sold"
    signed_on: date
    destination: str | None
    lines: tuple[SaleLine, ...]

    @property
    def business_date(self) -> date:
        """Give the day that the filing states."""
        return self.signed_on

    @property
    def movement(self) -> Movement:
        """What the sale states, as volume entries need it."""
        lines = tuple(MovementLine(line_no=each.line_no, net_mg=each.net_mg, ppm=each.ppm) for each in self.lines)
        return Movement(
            measure=self.measure,
            business_date=self.signed_on,
            exporter=self.exporter,
            contract_no=self.contract_no,
            client=self.client,
            destination=self.destination,
            lines=lines,
        )


class SaleRecorded(SaleContent):
    """A sale was filed.

    Attributes:
        exporter: USCC of the seller.
        contract_no: the contract; with the USCC the sale's natural key.
        client: stream of the client.
        signed_on: business date of the sale.
        destination: the client's country as known when filed, or None if unknown.
        measure: always ``sold``.
        lines: what was sold, at least one line.
    """

    type: ClassVar[str] = "sale.recorded"

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The sale itself."""
        return (self.movement,)


class SaleCorrected(SaleContent):
    """The filing of a sale was wrong: this is what it should have been. Replaces all that was stated.

    Attributes:
        correction_no: counts the corrections, from 1; None where customs contradicted what was filed.
        reason: why, as filed; None where customs contradicted.
        reverses: every standing entry that is taken back, cancellations included.
        restated: the standing cancellations, stated anew with the new client and composition.
        lines: as for ``SaleRecorded``, and so all others.
    """

    type: ClassVar[str] = "sale.corrected"

    correction_no: Number | None
    reason: str | None
    reverses: tuple[Movement, ...]
    restated: tuple[Movement, ...]

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The sale itself, then its cancellations."""
        return (self.movement, *self.restated)


class SaleVoided(_OfSale):
    """The filing of a sale was wrong: it did not happen.

    Attributes:
        client: stream of the client, or None if customs voids a sale that is unknown here.
        reason: why, as filed.
        reverses: every standing entry that is taken back.
    """

    type: ClassVar[str] = "sale.voided"

    reason: str
    reverses: tuple[Movement, ...]


class SaleLineCancelled(_OfSale):
    """Buyer and seller agreed that some of what was sold will not be delivered.

    Attributes:
        client: stream of the client, or None if customs reports it of a sale that is unknown here; then no volume
            moves.
        cancellation_no: with the contract the natural key.
        cancelled_on: business date.
        reason: why, as filed.
        destination: the sale's.
        measure: always ``cancelled``.
        lines: what is cancelled of each line of the sale, with the composition that it was sold with.
        reverses: what was filed before under the same number, where customs contradicts it.
    """

    type: ClassVar[str] = "sale.line_cancelled"

    cancellation_no: str
    measure: Literal["cancelled"] = "cancelled"
    cancelled_on: date
    reason: str
    destination: str | None
    lines: tuple[MovementLine, ...]
    reverses: tuple[Movement, ...] = ()

    @property
    def business_date(self) -> date:
        """Give the day that the filing states."""
        return self.cancelled_on

    @property
    def movements(self) -> tuple[Movement, ...]:
        """What is cancelled, where the sale is known."""
        if self.client is None:
            return ()
        return (
            Movement(
                measure=self.measure,
                business_date=self.cancelled_on,
                exporter=self.exporter,
                contract_no=self.contract_no,
                client=self.client,
                destination=self.destination,
                lines=self.lines,
            ),
        )


class SaleDrawn(_OfSale):
    """A shipment draws on the sale. Writes no volume entry: ``shipped`` comes from the shipment alone.

    Attributes:
        declaration_no: the shipment that draws.
        lines: what it draws from each line of the sale.
    """

    type: ClassVar[str] = "sale.drawn"

    client: str
    declaration_no: str
    lines: tuple[DrawnLine, ...]


class SaleDrawReleased(_OfSale):
    """A shipment that drew on the sale no longer does.

    Attributes:
        declaration_no: the shipment that drew.
        lines: what it had drawn from each line of the sale.
    """

    type: ClassVar[str] = "sale.draw_released"

    client: str
    declaration_no: str
    lines: tuple[DrawnLine, ...]
