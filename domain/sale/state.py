"""What a sale's stream says now."""

from pydantic import Field

from domain.event import Event, Frozen, Movement
from domain.sale.events import (
    DrawnLine,
    SaleCorrected,
    SaleDrawn,
    SaleDrawReleased,
    SaleLine,
    SaleLineCancelled,
    SaleRecorded,
    SaleVoided,
)


class Sale(Frozen):
    """A sale.

    Attributes:
        recorded: its content in force, or what was in force when it was voided; None until it is known.
        voided: it was taken back.
        void_reason: why, as filed; None unless it was taken back.
        correction_no: of the last counted correction, 0 before the first.
        cancellations: by their number, as filed; one that could not be counted is none.
        cancelled: by the same number, as they stand: with the client and composition in force.
        drawn: what each shipment draws on it.
    """

    recorded: SaleRecorded | SaleCorrected | None = None
    voided: bool = False
    void_reason: str | None = None
    correction_no: int = 0
    cancellations: dict[str, SaleLineCancelled] = Field(default_factory=dict)
    cancelled: dict[str, Movement] = Field(default_factory=dict)
    drawn: dict[str, tuple[DrawnLine, ...]] = Field(default_factory=dict)

    @property
    def standing(self) -> tuple[Movement, ...]:
        """Every entry that stands: the sale, then its cancellations."""
        if self.recorded is None or self.voided:
            return ()
        return (self.recorded.movement, *self.cancelled.values())

    def line(self, line_no: int) -> SaleLine | None:
        """Find a line of the content in force."""
        lines = self.recorded.lines if self.recorded else ()
        return next((each for each in lines if each.line_no == line_no), None)

    def drawn_mg(self, line_no: int) -> int:
        """Give the net mass that standing shipments draw from a line, in milligrams."""
        return sum(each.net_mg for lines in self.drawn.values() for each in lines if each.line_no == line_no)

    def cancelled_mg(self, line_no: int) -> int:
        """Give the net mass of a line that was cancelled, in milligrams."""
        return sum(each.net_mg for move in self.cancelled.values() for each in move.lines if each.line_no == line_no)

    def used_lines(self) -> set[int]:
        """Give the numbers of the lines that shipments draw on or cancellations name."""
        drawn = {each.line_no for lines in self.drawn.values() for each in lines}
        return drawn | {each.line_no for move in self.cancelled.values() for each in move.lines}

    def evolve(self, event: Event) -> "Sale":
        """Take in one event; what is not this aggregate's changes nothing."""
        match event:
            case SaleRecorded():
                return self.model_copy(update={"recorded": event})
            case SaleCorrected():
                return self._corrected(event)
            case SaleVoided():
                return self.model_copy(
                    update={"voided": True, "void_reason": event.reason, "cancellations": {}, "cancelled": {}}
                )
            case SaleLineCancelled():
                return self._cancelled(event)
            case SaleDrawn() | SaleDrawReleased():
                return self._drawn(event)
        return self

    def _corrected(self, event: SaleCorrected) -> "Sale":
        return self.model_copy(
            update={
                "recorded": event,
                "voided": False,
                "void_reason": None,
                "correction_no": max(self.correction_no, event.correction_no or 0),
                "cancelled": dict(zip(self.cancelled, event.restated, strict=False)),
            }
        )

    def _cancelled(self, event: SaleLineCancelled) -> "Sale":
        number = event.cancellation_no
        if not event.movements:
            return self
        (stated,) = event.movements
        return self.model_copy(
            update={
                "cancellations": {**self.cancellations, number: event},
                "cancelled": {**self.cancelled, number: stated},
            }
        )

    def _drawn(self, event: SaleDrawn | SaleDrawReleased) -> "Sale":
        others = {key: lines for key, lines in self.drawn.items() if key != event.declaration_no}
        stated = {event.declaration_no: event.lines} if isinstance(event, SaleDrawn) else {}
        return self.model_copy(update={"drawn": {**others, **stated}})
