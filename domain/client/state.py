"""What a client's stream says now."""

from domain.client.events import ClientDetailsAmended, ClientRegistered, ClientReinstated, ClientSuspended
from domain.event import Event, Frozen
from domain.standing import Standing, StandingAction


class Client(Frozen):
    """A client.

    Attributes:
        registered: its details as last stated; None until it is known.
        amendment_no: of the last counted amendment, 0 before the first.
        standing: what was said of it.
    """

    registered: ClientRegistered | ClientDetailsAmended | None = None
    amendment_no: int = 0
    standing: Standing = Standing()

    @property
    def suspended(self) -> bool:
        """Tell whether nothing may be filed for trade with it."""
        return self.standing.suspended

    @property
    def country(self) -> str | None:
        """Give its country as now known, None while it is unknown."""
        return self.registered.country if self.registered else None

    def evolve(self, event: Event) -> "Client":
        """Take in one event; what is not this aggregate's changes nothing."""
        match event:
            case ClientRegistered():
                return self.model_copy(update={"registered": event})
            case ClientDetailsAmended():
                number = max(self.amendment_no, event.amendment_no or 0)
                return self.model_copy(update={"registered": event, "amendment_no": number})
            case ClientSuspended():
                return self._standing_changed("suspend", event)
            case ClientReinstated():
                return self._standing_changed("reinstate", event)
        return self

    def _standing_changed(self, action: StandingAction, event: ClientSuspended | ClientReinstated) -> "Client":
        standing = self.standing.changed(event.standing_no, action, event.reason)
        return self.model_copy(update={"standing": standing})
