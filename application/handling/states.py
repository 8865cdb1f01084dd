"""What is loaded for a decision, by stream, in the aggregate's own type."""

from collections.abc import Mapping
from typing import cast

from domain.aggregates import State
from domain.client.state import Client
from domain.exporter.state import Exporter
from domain.grade.state import Grade
from domain.parties import Parties
from domain.sale.state import Sale
from domain.shipment.state import Shipment
from domain.streams import client_stream, exporter_stream, grade_stream, sale_stream, shipment_stream

States = Mapping[str, State]

# A stream's prefix decides the type of its state, so none of these casts can go wrong.


def exporter_of(states: States, uscc: str) -> Exporter:
    """Give an exporter."""
    return cast("Exporter", states[exporter_stream(uscc)])


def client_of(states: States, uscc: str, client_ref: str) -> Client:
    """Give a client."""
    return cast("Client", states[client_stream(uscc, client_ref)])


def grade_of(states: States, grade: str) -> Grade:
    """Give a grade."""
    return cast("Grade", states[grade_stream(grade)])


def sale_of(states: States, uscc: str, contract_no: str) -> Sale:
    """Give a sale."""
    return cast("Sale", states[sale_stream(uscc, contract_no)])


def shipment_of(states: States, declaration_no: str) -> Shipment:
    """Give a shipment."""
    return cast("Shipment", states[shipment_stream(declaration_no)])


def parties_of(states: States, uscc: str, client: str, grades: Mapping[str, Grade] | None = None) -> Parties:
    """Give the exporter and the client (by its stream), with these grades."""
    named = cast("Client", states.get(client, Client()))
    return Parties(exporter=exporter_of(states, uscc), client=named, grades=grades or {})
