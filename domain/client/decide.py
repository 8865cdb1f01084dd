"""What may happen to a client."""

from typing import Any

from domain.client.commands import AmendClient, ChangeClientStanding, RegisterClient
from domain.client.errors import ClientFiledDifferently, ClientIsSuspended, ClientUnknown
from domain.client.events import ClientDetailsAmended, ClientRegistered, ClientReinstated, ClientSuspended
from domain.client.state import Client
from domain.countries import check_country
from domain.event import Event
from domain.exporter.decide import judge_exporter
from domain.exporter.state import Exporter
from domain.identifiers import check_lei, require_uscc_form
from domain.judging import CONTRADICTS_FILING, EXPORTER, Judge, Source
from domain.numbering import judge_number

_NOT_DETAILS = {"violations", "amendment_no"}


def register(
    state: Client, command: RegisterClient, exporter: Exporter, source: Source = EXPORTER
) -> tuple[Event, ...]:
    """List a client of a registered exporter; nothing if it is known with equal content.

    Raises:
        DomainError: of the exporter; ``country.unknown``, ``lei.invalid``.
        ClientFiledDifferently: ``client.already_filed_differently``.
    """
    judge = Judge(source)
    _judge_details(command, exporter, judge)
    details = command.model_dump()
    if state.registered is None:
        return (ClientRegistered(**details, violations=judge.settle()),)
    if _details_of(state) == details:
        return ()
    error = ClientFiledDifferently(f"client {command.client_ref} is known with other details", field="client_ref")
    judge.breach(error, CONTRADICTS_FILING)
    return (ClientDetailsAmended(**details, amendment_no=None, violations=judge.settle()),)


def amend(state: Client, command: AmendClient, exporter: Exporter, source: Source = EXPORTER) -> tuple[Event, ...]:
    """State a client's details as they are now; nothing if that is what is known.

    Raises:
        DomainError: of the exporter; ``country.unknown``, ``lei.invalid``, ``client.unknown``, ``client.suspended``,
            ``number.already_used``, ``number.skipped``.
    """
    judge = Judge(source)
    _judge_details(command, exporter, judge)
    judge_client(state, command.client_ref, command.exporter, judge)
    details = command.model_dump(exclude={"amendment_no"})
    if state.registered is not None and _details_of(state) == details:
        return ()
    judge_number(command.amendment_no, state.amendment_no, judge, field="amendment_no")
    return (ClientDetailsAmended(**details, amendment_no=command.amendment_no, violations=judge.settle()),)


def change_standing(state: Client, command: ChangeClientStanding, source: Source = EXPORTER) -> tuple[Event, ...]:
    """Suspend or reinstate a client; nothing if that very change is known.

    Raises:
        DomainError: ``uscc.invalid``, ``client.unknown``, ``number.already_used``, ``number.skipped``.
    """
    require_uscc_form(command.exporter, field="stream")
    judge = Judge(source)
    if state.registered is None:
        judge.breach(_unknown(command.client_ref, command.exporter, field="stream"))
    if state.standing.states(command.standing_no, command.action, command.reason):
        return ()
    judge_number(command.standing_no, state.standing.last_no, judge, field="standing_no")
    kind = ClientSuspended if command.action == "suspend" else ClientReinstated
    return (kind(**command.model_dump(exclude={"action"}), violations=judge.settle()),)


def judge_client(client: Client, client_ref: str, exporter: str, judge: Judge) -> None:
    """Note what keeps trade with a client from being filed: ``client.unknown``, ``client.suspended``."""
    if client.registered is None:
        judge.breach(_unknown(client_ref, exporter, field="client_ref"))
    if client.suspended:
        judge.breach(ClientIsSuspended(f"client {client_ref} is suspended", field="client_ref"))


def _judge_details(command: RegisterClient, exporter: Exporter, judge: Judge) -> None:
    judge_exporter(exporter, command.exporter, judge)
    with judge.rule():
        check_country(command.country, field="country")
    if command.lei is not None:
        with judge.rule():
            check_lei(command.lei, field="lei")


def _details_of(state: Client) -> dict[str, Any] | None:
    return state.registered.model_dump(exclude=_NOT_DETAILS) if state.registered else None


def _unknown(client_ref: str, exporter: str, *, field: str) -> ClientUnknown:
    return ClientUnknown(f"client {client_ref} is not listed by {exporter}", field=field)
