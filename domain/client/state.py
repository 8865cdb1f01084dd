"""What a client's stream says now."""

from domain.client.events import ClientRegistered
from domain.event import Event, Frozen


class Client(Frozen):
    """A client; ``registered`` is None until it is known."""

    registered: ClientRegistered | None = None

    def evolve(self, event: Event) -> "Client":
        """Take in one event; what is not this aggregate's changes nothing."""
        if isinstance(event, ClientRegistered):
            return Client(registered=event)
        return self
