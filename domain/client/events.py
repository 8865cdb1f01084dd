"""What can be recorded about a client, as one exporter listed it."""

from typing import ClassVar, Literal

from domain.event import Event, UsccText
from domain.streams import client_stream

ClientRole = Literal["end_user", "trader", "forwarder", "manufacturer"]


class ClientRegistered(Event):
    """An exporter listed a client.

    Attributes:
        exporter: USCC of the exporter that lists it.
        client_ref: the exporter's own reference; with the USCC the client's natural key.
        legal_name: as registered where the client is at home.
        country: ISO 3166-1 alpha-2.
        role: what the client does with the magnets.
        lei: ISO 17442, if known.
        registry_no: number in the national register of ``country``, if known.
        end_use: free text, if stated.
    """

    type: ClassVar[str] = "client.registered"

    exporter: UsccText
    client_ref: str
    legal_name: str
    country: str
    role: ClientRole
    lei: str | None
    registry_no: str | None
    end_use: str | None

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return client_stream(self.exporter, self.client_ref)
