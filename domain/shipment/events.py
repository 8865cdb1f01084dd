"""What can be recorded about a shipment (one export declaration)."""

from datetime import date
from typing import ClassVar, Literal

from domain.event import Event, Frozen, LineNo, Movement, MovementLine, NetMg, Number, Ppm, Symbol, UsccText
from domain.streams import shipment_stream

DifferenceReason = Literal["shortage", "surplus", "damaged", "seal_broken", "other"]


class ShipmentLine(Frozen):
    """One line of a declaration.

    Attributes:
        line_no: number within the declaration, 1 to 999.
        sale_line_no: the line of the contract that it draws on.
        grade: the grade of that line, or None if the contract is unknown.
        net_mg: net mass in milligrams.
        ppm: composition of that line, whole ppm by mass for each element.
    """

    line_no: LineNo
    sale_line_no: LineNo
    grade: str | None
    net_mg: NetMg
    ppm: dict[Symbol, Ppm]


class ReceivedLine(MovementLine):
    """What arrived of one line: net mass in milligrams, with the composition that was shipped.

    Attributes:
        reason: why it differs from what was shipped, if it does.
    """

    reason: DifferenceReason | None


class _OfShipment(Event):
    declaration_no: str
    exporter: UsccText | None
    client: str | None
    contract_no: str | None

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return shipment_stream(self.declaration_no)

    @property
    def key(self) -> str:
        """Order by the client, where it is known."""
        return self.client or self.stream


class ShipmentContent(_OfShipment):
    """What a filing of a shipment states; the fields are those of ``ShipmentExported``."""

    exporter: UsccText
    client: str
    contract_no: str
    measure: Literal["shipped"] = "shipped"
    exported_on: date
    destination: str
    port: str
    licence_no: str | None
    containers: tuple[str, ...]
    lines: tuple[ShipmentLine, ...]

    @property
    def business_date(self) -> date:
        """Give the day that the filing states."""
        return self.exported_on

    @property
    def movement(self) -> Movement:
        """What the shipment states, as volume entries need it."""
        lines = tuple(MovementLine(line_no=each.line_no, net_mg=each.net_mg, ppm=each.ppm) for each in self.lines)
        return Movement(
            measure=self.measure,
            business_date=self.exported_on,
            exporter=self.exporter,
            contract_no=self.contract_no,
            client=self.client,
            destination=self.destination,
            lines=lines,
        )


class ShipmentExported(ShipmentContent):
    """Magnets left the country.

    Attributes:
        declaration_no: customs declaration, the natural key.
        exporter: USCC of the exporter.
        client: stream of the client (the consignee's side of the contract).
        contract_no: the sale that the shipment draws on.
        exported_on: business date of the export.
        destination: ISO 3166-1 alpha-2 of where it goes.
        port: port of exit, as filed.
        licence_no: export licence, if filed.
        containers: container numbers (ISO 6346), as filed, each once.
        measure: always ``shipped``.
        lines: what was shipped, at least one line.
    """

    type: ClassVar[str] = "shipment.exported"

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The shipment itself."""
        return (self.movement,)


class ShipmentCorrected(ShipmentContent):
    """The filing of a shipment was wrong: this is what it should have been. Replaces all that was stated.

    Attributes:
        correction_no: counts the corrections, from 1; None where customs contradicted what was filed.
        reason: why, as filed; None where customs contradicted.
        reverses: every standing entry that is taken back, receipts included.
        restated: the standing receipts, stated anew with the new client and composition.
        lines: as for ``ShipmentExported``, and so all others.
    """

    type: ClassVar[str] = "shipment.corrected"

    correction_no: Number | None
    reason: str | None
    reverses: tuple[Movement, ...]
    restated: tuple[Movement, ...]

    @property
    def movements(self) -> tuple[Movement, ...]:
        """The shipment itself, then its receipts."""
        return (self.movement, *self.restated)


class ShipmentVoided(_OfShipment):
    """The filing of a shipment was wrong: it did not happen.

    Attributes:
        exporter: USCC of the exporter; None, like client and contract, if customs voids what is unknown here.
        reason: why, as filed.
        reverses: every standing entry that is taken back.
    """

    type: ClassVar[str] = "shipment.voided"

    reason: str
    reverses: tuple[Movement, ...]


class DeliveryConfirmed(_OfShipment):
    """The consignee received a shipment, or a part of it.

    Attributes:
        exporter: USCC of the exporter; None, like client and contract, if customs reports what is unknown here; then
            no volume moves.
        received_on: business date; with the declaration the natural key.
        destination: the shipment's.
        measure: always ``received``.
        lines: what arrived of each line of the shipment.
        reverses: what was filed before for the same day, where customs contradicts it.
    """

    type: ClassVar[str] = "shipment.delivery_confirmed"

    measure: Literal["received"] = "received"
    received_on: date
    destination: str | None
    lines: tuple[ReceivedLine, ...]
    reverses: tuple[Movement, ...] = ()

    @property
    def business_date(self) -> date:
        """Give the day that the filing states."""
        return self.received_on

    @property
    def movements(self) -> tuple[Movement, ...]:
        """What arrived, where the shipment is known."""
        if self.exporter is None or self.client is None or self.contract_no is None:
            return ()
        lines = tuple(MovementLine(line_no=each.line_no, net_mg=each.net_mg, ppm=each.ppm) for each in self.lines)
        return (
            Movement(
                measure=self.measure,
                business_date=self.received_on,
                exporter=self.exporter,
                contract_no=self.contract_no,
                client=self.client,
                destination=self.destination,
                lines=lines,
            ),
        )
