"""What a shipment's stream says now."""

from datetime import date

from pydantic import Field

from domain.event import Event, Frozen, Movement
from domain.shipment.events import (
    DeliveryConfirmed,
    ShipmentCorrected,
    ShipmentExported,
    ShipmentLine,
    ShipmentVoided,
)


class Shipment(Frozen):
    """A shipment.

    Attributes:
        exported: its content in force, or what was in force when it was voided; None until it is known.
        voided: it was taken back.
        void_reason: why, as filed; None unless it was taken back.
        correction_no: of the last counted correction, 0 before the first.
        deliveries: by day, as filed; one that could not be counted is none.
        received: by the same day, as they stand: with the client and composition in force.
    """

    exported: ShipmentExported | ShipmentCorrected | None = None
    voided: bool = False
    void_reason: str | None = None
    correction_no: int = 0
    deliveries: dict[date, DeliveryConfirmed] = Field(default_factory=dict)
    received: dict[date, Movement] = Field(default_factory=dict)

    @property
    def standing(self) -> tuple[Movement, ...]:
        """Every entry that stands: the shipment, then its receipts."""
        if self.exported is None or self.voided:
            return ()
        return (self.exported.movement, *self.received.values())

    def line(self, line_no: int) -> ShipmentLine | None:
        """Find a line of the content in force."""
        lines = self.exported.lines if self.exported else ()
        return next((each for each in lines if each.line_no == line_no), None)

    def received_mg(self, line_no: int) -> int:
        """Give the net mass of a line that has arrived so far, in milligrams."""
        return sum(each.net_mg for move in self.received.values() for each in move.lines if each.line_no == line_no)

    def received_lines(self) -> set[int]:
        """Give the numbers of the lines of which something has arrived."""
        return {each.line_no for move in self.received.values() for each in move.lines}

    def evolve(self, event: Event) -> "Shipment":
        """Take in one event; what is not this aggregate's changes nothing."""
        match event:
            case ShipmentExported():
                return self.model_copy(update={"exported": event})
            case ShipmentCorrected():
                return self._corrected(event)
            case ShipmentVoided():
                return self.model_copy(
                    update={"voided": True, "void_reason": event.reason, "deliveries": {}, "received": {}}
                )
            case DeliveryConfirmed():
                return self._delivered(event)
        return self

    def _corrected(self, event: ShipmentCorrected) -> "Shipment":
        return self.model_copy(
            update={
                "exported": event,
                "voided": False,
                "void_reason": None,
                "correction_no": max(self.correction_no, event.correction_no or 0),
                "received": dict(zip(self.received, event.restated, strict=False)),
            }
        )

    def _delivered(self, event: DeliveryConfirmed) -> "Shipment":
        day = event.received_on
        if not event.movements:
            return self
        (stated,) = event.movements
        return self.model_copy(
            update={"deliveries": {**self.deliveries, day: event}, "received": {**self.received, day: stated}}
        )
