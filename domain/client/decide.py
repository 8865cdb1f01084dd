"""What may happen to a client."""

from domain.client.commands import RegisterClient
from domain.client.errors import ClientFiledDifferently
from domain.client.events import ClientRegistered
from domain.client.state import Client
from domain.countries import check_country
from domain.event import Event
from domain.exporter.decide import check_registered
from domain.exporter.state import Exporter
from domain.identifiers import check_lei


def register(state: Client, command: RegisterClient, exporter: Exporter) -> tuple[Event, ...]:
    """List a client of a registered exporter; nothing if it is known with equal content.

    Raises:
        ExporterUnknown: ``exporter.unknown``.
        CountryUnknown: ``country.unknown``.
        LeiInvalid: ``lei.invalid``.
        ClientFiledDifferently: ``client.already_filed_differently``.
    """
    check_registered(exporter, command.exporter)
    check_country(command.country, field="country")
    if command.lei is not None:
        check_lei(command.lei, field="lei")
    event = ClientRegistered(**command.model_dump())
    if state.registered is None:
        return (event,)
    if state.registered == event:
        return ()
    raise ClientFiledDifferently(f"client {command.client_ref} is known with other details", field="client_ref")
