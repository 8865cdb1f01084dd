"""Who a client is across exporters: its LEI, else its country and registry number, else itself alone."""

from collections.abc import Iterable
from typing import cast

from domain.client.events import ClientDetailsAmended, ClientRegistered
from domain.envelope import Envelope
from domain.event import Event
from projections.ports import Rows

# What says who a client is.
DETAILS = frozenset({ClientRegistered.type, ClientDetailsAmended.type})

_COLUMNS = ("client", "from_position", "party")


def party_of(event: ClientRegistered | ClientDetailsAmended) -> str:
    """Name the party: ``lei:..``, else ``COUNTRY:REGISTRY_NO``, else the client's own stream."""
    if event.lei:
        return f"lei:{event.lei}"
    if event.registry_no:
        return f"{event.country}:{event.registry_no}"
    return event.stream


def append_parties(rows: Rows, events: Iterable[tuple[Envelope, Event]]) -> None:
    """Note who each client is, from the event's position on."""
    noted = [
        (event.stream, envelope.position, party_of(cast("ClientRegistered | ClientDetailsAmended", event)))
        for envelope, event in events
        if event.type in DETAILS
    ]
    if noted:
        rows.copy("client_party", _COLUMNS, noted)
