"""What an exporter's stream says now."""

from domain.event import Event, Frozen
from domain.exporter.events import ExporterRegistered


class Exporter(Frozen):
    """An exporter; ``registered`` is None until it is known."""

    registered: ExporterRegistered | None = None

    def evolve(self, event: Event) -> "Exporter":
        """Take in one event; what is not this aggregate's changes nothing."""
        if isinstance(event, ExporterRegistered):
            return Exporter(registered=event)
        return self
