"""Given an exporter and a client's events, when details or standing are filed, then events or a code."""

from typing import Any

import pytest

from domain.client import decide
from domain.client.commands import AmendClient, ChangeClientStanding, RegisterClient
from domain.client.events import ClientDetailsAmended, ClientSuspended
from domain.client.state import Client
from domain.errors import DomainError
from domain.exporter.events import ExporterSuspended
from domain.exporter.state import Exporter
from tests.unit.domain.facts import CLIENT, EXPORTER_KNOWN, USCC, client_known, folded, refused

SELLER = folded(Exporter(), EXPORTER_KNOWN)
LISTED = folded(Client(), client_known())
SUSPENDED = ClientSuspended(exporter=USCC, client_ref="C1", standing_no=1, reason="looked into")
LEI = "9999EXAMPLE000000026"


def _details(**changes: Any) -> dict[str, Any]:
    return {**client_known().model_dump(exclude={"violations"}), **changes}


def _amended(number: int, state: Client = LISTED, **changes: Any) -> ClientDetailsAmended:
    (event,) = decide.amend(state, AmendClient(**_details(**changes), amendment_no=number), SELLER)
    assert isinstance(event, ClientDetailsAmended)
    return event


def test_a_client_is_listed_once() -> None:
    """On a stream of its exporter and itself; the same content again adds nothing."""
    (event,) = decide.register(Client(), RegisterClient(**_details()), SELLER)
    assert (event, event.stream) == (client_known(), CLIENT)
    assert decide.register(LISTED, RegisterClient(**_details()), SELLER) == ()


@pytest.mark.parametrize(
    ("seller", "changes", "code", "field"),
    [
        (Exporter(), {}, "exporter.unknown", "exporter_uscc"),
        (
            folded(SELLER, ExporterSuspended(uscc=USCC, standing_no=1, reason="x")),
            *({}, "exporter.suspended", "exporter_uscc"),
        ),
        (SELLER, {"country": "UK"}, "country.unknown", "country"),
        (SELLER, {"country": "de"}, "country.unknown", "country"),
        (SELLER, {"lei": LEI[:-1] + "7"}, "lei.invalid", "lei"),
    ],
)
def test_a_listing_is_judged(seller: Exporter, changes: dict[str, Any], code: str, field: str) -> None:
    """By its exporter and its details; customs' is recorded with the same code."""
    command = RegisterClient(**_details(**changes))
    with pytest.raises(DomainError) as raised:
        decide.register(Client(), command, seller)
    assert refused(raised) == (code, field, None)
    (event,) = decide.register(Client(), command, seller, "customs")
    assert event.violations == (code,)


def test_other_details_of_a_known_client_are_no_listing() -> None:
    """Customs' are an amendment that counts nothing."""
    command = RegisterClient(**_details(legal_name="Other"))
    with pytest.raises(DomainError) as raised:
        decide.register(LISTED, command, SELLER)
    assert refused(raised) == ("client.already_filed_differently", "client_ref", None)
    amended = folded(LISTED, _amended(1, lei=LEI))
    (event,) = decide.register(amended, command, SELLER, "customs")
    assert isinstance(event, ClientDetailsAmended)
    assert (event.amendment_no, event.violations) == (None, ("contradicts_filing",))
    after = folded(amended, event)
    assert after.registered == event
    assert after.amendment_no == 1


def test_amendments_are_counted_and_the_last_is_known() -> None:
    """From 1 without a gap; what is known anyway adds nothing, whatever its number."""
    state = folded(LISTED, _amended(1, lei=LEI))
    assert (state.country, state.amendment_no) == ("DE", 1)
    assert decide.amend(state, AmendClient(**_details(lei=LEI), amendment_no=7), SELLER) == ()
    for number, code in ((1, "number.already_used"), (3, "number.skipped")):
        with pytest.raises(DomainError) as raised:
            _amended(number, state, country="JP")
        assert refused(raised) == (code, "amendment_no", None)
    assert folded(state, _amended(2, state, country="JP")).country == "JP"


def test_trade_with_a_suspended_client_is_refused() -> None:
    """Until it is reinstated."""
    command = ChangeClientStanding(
        exporter=USCC, client_ref="C1", standing_no=1, action="suspend", reason="looked into"
    )
    assert decide.change_standing(LISTED, command) == (SUSPENDED,)
    state = folded(LISTED, SUSPENDED)
    with pytest.raises(DomainError) as raised:
        _amended(1, state, country="JP")
    assert refused(raised) == ("client.suspended", "client_ref", None)
    (reinstated,) = decide.change_standing(state, command.model_copy(update={"standing_no": 2, "action": "reinstate"}))
    assert _amended(1, folded(state, reinstated), country="JP").violations == ()
