"""What an exporter's stream says now."""

from domain.event import Event, Frozen
from domain.exporter.events import ExporterRegistered, ExporterReinstated, ExporterSuspended
from domain.standing import Standing, StandingAction


class Exporter(Frozen):
    """An exporter; ``registered`` is None until it is known."""

    registered: ExporterRegistered | None = None
    standing: Standing = Standing()

    @property
    def suspended(self) -> bool:
        """Tell whether nothing may be filed for it."""
        return self.standing.suspended

    def evolve(self, event: Event) -> "Exporter":
        """Take in one event; what is not this aggregate's changes nothing."""
        match event:
            case ExporterRegistered():
                return self.model_copy(update={"registered": event})
            case ExporterSuspended():
                return self._standing_changed("suspend", event)
            case ExporterReinstated():
                return self._standing_changed("reinstate", event)
        return self

    def _standing_changed(self, action: StandingAction, event: ExporterSuspended | ExporterReinstated) -> "Exporter":
        standing = self.standing.changed(event.standing_no, action, event.reason)
        return self.model_copy(update={"standing": standing})
