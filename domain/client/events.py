"""What can be recorded about a client, as one exporter listed it."""

from typing import ClassVar, Literal

from domain.event import Event, Number, UsccText
from domain.streams import client_stream

ClientRole = Literal["end_user", "trader", "forwarder", "manufacturer"]


class _OfClient(Event):
    exporter: UsccText
    client_ref: str

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return client_stream(self.exporter, self.client_ref)


class _ClientDetails(_OfClient):
    legal_name: str
    country: str
    role: ClientRole
    lei: str | None
    registry_no: str | None
    end_use: str | None


class ClientRegistered(_ClientDetails):
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


class ClientDetailsAmended(_ClientDetails):
    """The details of a client are others now; what was known before stays as it was known.

    Attributes:
        amendment_no: counts the amendments of a client, from 1; None where customs contradicted what was filed.
        exporter: as for ``ClientRegistered``, and so all others.
    """

    type: ClassVar[str] = "client.details_amended"

    amendment_no: Number | None


class ClientSuspended(_OfClient):
    """Nothing may be filed for trade with the client until it is reinstated.

    Attributes:
        exporter: USCC of the exporter that listed it.
        client_ref: the exporter's own reference.
        standing_no: counts the changes of its standing, from 1.
        reason: why, as filed.
    """

    type: ClassVar[str] = "client.suspended"

    standing_no: Number
    reason: str


class ClientReinstated(_OfClient):
    """Trade with the client may be filed again.

    Attributes: as for ``ClientSuspended``.
    """

    type: ClassVar[str] = "client.reinstated"

    standing_no: Number
    reason: str
