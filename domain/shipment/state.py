"""What a shipment's stream says now."""

from domain.event import Event, Frozen
from domain.shipment.events import ShipmentExported, ShipmentVoided


class Shipment(Frozen):
    """A shipment: its content in force and whether it was voided."""

    exported: ShipmentExported | None = None
    voided: bool = False

    def evolve(self, event: Event) -> "Shipment":
        """Take in one event; what is not this aggregate's changes nothing."""
        match event:
            case ShipmentExported():
                return self.model_copy(update={"exported": event})
            case ShipmentVoided():
                return self.model_copy(update={"voided": True})
        return self
