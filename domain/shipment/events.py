"""What can be recorded about a shipment (one export declaration)."""

from datetime import date
from typing import ClassVar, Literal

from domain.event import Event, Frozen, LineNo, Movement, MovementLine, NetMg, Ppm, Symbol, UsccText
from domain.streams import shipment_stream


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


class _OfShipment(Event):
    declaration_no: str
    exporter: UsccText
    client: str
    contract_no: str

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return shipment_stream(self.declaration_no)

    @property
    def key(self) -> str:
        """Order by the client."""
        return self.client


class ShipmentExported(_OfShipment):
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
            client=self.client,
            destination=self.destination,
            lines=lines,
        )


class ShipmentVoided(_OfShipment):
    """The filing of a shipment was wrong: it did not happen.

    Attributes:
        reason: why, as filed.
        reverses: every standing entry that is taken back.
    """

    type: ClassVar[str] = "shipment.voided"

    reason: str
    reverses: tuple[Movement, ...]
