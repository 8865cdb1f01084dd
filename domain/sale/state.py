"""What a sale's stream says now."""

from pydantic import Field

from domain.event import Event, Frozen
from domain.sale.events import DrawnLine, SaleDrawn, SaleDrawReleased, SaleRecorded, SaleVoided


class Sale(Frozen):
    """A sale: its content in force, whether it was voided, and what each shipment draws on it."""

    recorded: SaleRecorded | None = None
    voided: bool = False
    drawn: dict[str, tuple[DrawnLine, ...]] = Field(default_factory=dict)

    def drawn_mg(self, line_no: int) -> int:
        """Give the net mass that standing shipments draw from a line, in milligrams."""
        return sum(each.net_mg for lines in self.drawn.values() for each in lines if each.line_no == line_no)

    def evolve(self, event: Event) -> "Sale":
        """Take in one event; what is not this aggregate's changes nothing."""
        match event:
            case SaleRecorded():
                return self.model_copy(update={"recorded": event})
            case SaleVoided():
                return self.model_copy(update={"voided": True})
            case SaleDrawn():
                return self.model_copy(update={"drawn": {**self.drawn, event.declaration_no: event.lines}})
            case SaleDrawReleased():
                rest = {key: lines for key, lines in self.drawn.items() if key != event.declaration_no}
                return self.model_copy(update={"drawn": rest})
        return self
