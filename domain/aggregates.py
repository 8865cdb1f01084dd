"""Every aggregate behind one door: which state a stream begins with, and how an event changes it."""

from collections.abc import Mapping

from domain.client.state import Client
from domain.event import Event
from domain.exporter.state import Exporter
from domain.grade.state import Grade
from domain.sale.state import Sale
from domain.shipment.state import Shipment
from domain.streams import kind_of

State = Exporter | Client | Grade | Sale | Shipment

STATES: Mapping[str, type[State]] = {
    "exporter": Exporter,
    "client": Client,
    "grade": Grade,
    "sale": Sale,
    "shipment": Shipment,
}


def initial(stream: str) -> State:
    """Give the state of a stream before its first event.

    Raises:
        KeyError: for a stream whose prefix names no aggregate.
    """
    return STATES[kind_of(stream)]()


def evolve(state: State, event: Event) -> State:
    """Take one event into a state. Total: no clock, no randomness, no raising."""
    return state.evolve(event)
