"""What an exporter's stream says now."""

from domain.event import Event, Frozen
from domain.exporter.events import ExporterRegistered, ExporterReinstated, ExporterSuspended


class Exporter(Frozen):
    """An exporter; ``registered`` is None until it is known, ``standing`` is the last change of its standing."""

    registered: ExporterRegistered | None = None
    standing: ExporterSuspended | ExporterReinstated | None = None

    @property
    def suspended(self) -> bool:
        """Tell whether nothing may be filed for it."""
        return isinstance(self.standing, ExporterSuspended)

    def evolve(self, event: Event) -> "Exporter":
        """Take in one event; what is not this aggregate's changes nothing."""
        match event:
            case ExporterRegistered():
                return self.model_copy(update={"registered": event})
            case ExporterSuspended() | ExporterReinstated():
                return self.model_copy(update={"standing": event})
        return self
