"""Given an exporter's events, when it is registered or its standing changes, then events or a code."""

from typing import Any

import pytest

from domain.errors import DomainError
from domain.exporter import decide
from domain.exporter.commands import ChangeExporterStanding, RegisterExporter
from domain.exporter.events import ExporterRegistered, ExporterReinstated, ExporterSuspended
from domain.exporter.state import Exporter
from domain.standing import StandingAction
from tests.unit.domain.facts import EXPORTER_KNOWN, USCC, folded, refused

SUSPENDED = ExporterSuspended(uscc=USCC, standing_no=1, reason="looked into")
REINSTATED = ExporterReinstated(uscc=USCC, standing_no=2, reason="cleared")


def _filing(**changes: Any) -> RegisterExporter:
    filed = {"uscc": USCC, "name": "Firm", "customs_code": None, "region": "999999", **changes}
    return RegisterExporter(**filed)


def _standing(number: int, action: StandingAction = "suspend", reason: str = "looked into") -> ChangeExporterStanding:
    return ChangeExporterStanding(uscc=USCC, standing_no=number, action=action, reason=reason)


def test_a_registration_is_recorded_once() -> None:
    """The same content again adds nothing."""
    assert decide.register(Exporter(), _filing()) == (EXPORTER_KNOWN,)
    assert decide.register(folded(Exporter(), EXPORTER_KNOWN), _filing()) == ()


@pytest.mark.parametrize(
    ("known", "changes", "code", "violations"),
    [
        (False, {"uscc": USCC[:-1] + "4"}, "uscc.invalid", ("uscc.invalid",)),
        (False, {"uscc": USCC.lower()}, "uscc.invalid", ("uscc.invalid",)),
        (True, {"name": "Other"}, "exporter.already_filed_differently", ("contradicts_filing",)),
        (True, {"customs_code": "1"}, "exporter.already_filed_differently", ("contradicts_filing",)),
    ],
)
def test_a_breach_is_refused_or_flagged(
    known: bool,  # noqa: FBT001 - a column of the table
    changes: dict[str, Any],
    code: str,
    violations: tuple[str, ...],
) -> None:
    """An exporter's filing is refused; customs' is recorded, and is what counts from then on."""
    state = folded(Exporter(), EXPORTER_KNOWN) if known else Exporter()
    with pytest.raises(DomainError) as raised:
        decide.register(state, _filing(**changes))
    assert refused(raised) == (code, "uscc", None)
    (event,) = decide.register(state, _filing(**changes), "customs")
    assert event.violations == violations
    after = folded(state, event)
    assert after.registered == event
    assert decide.register(after, _filing(**changes), "customs") == ()


def test_a_change_of_standing_is_recorded_once() -> None:
    """Counted without a gap; the last one tells the standing."""
    known = folded(Exporter(), EXPORTER_KNOWN)
    assert decide.change_standing(known, _standing(1)) == (SUSPENDED,)
    suspended = folded(known, SUSPENDED)
    assert decide.change_standing(suspended, _standing(1)) == ()
    assert decide.change_standing(suspended, _standing(2, "reinstate", "cleared")) == (REINSTATED,)
    standing = [known, suspended, folded(suspended, REINSTATED)]
    assert [each.suspended for each in standing] == [False, True, False]


@pytest.mark.parametrize(("number", "code"), [(1, "number.already_used"), (3, "number.skipped")])
def test_other_numbers_are_refused(number: int, code: str) -> None:
    """One that is taken by other content, and one that leaves a gap."""
    state = folded(Exporter(), EXPORTER_KNOWN, SUSPENDED)
    with pytest.raises(DomainError) as raised:
        decide.change_standing(state, _standing(number, reason="other"))
    assert refused(raised) == (code, "standing_no", None)


def test_an_unknown_exporter_has_no_standing() -> None:
    """But customs' word is kept, and holds once it is registered."""
    with pytest.raises(DomainError) as raised:
        decide.change_standing(Exporter(), _standing(1))
    assert refused(raised) == ("exporter.unknown", "stream", None)
    (event,) = decide.change_standing(Exporter(), _standing(1), "customs")
    state = folded(Exporter(), event)
    (registered,) = decide.register(state, _filing())
    assert isinstance(registered, ExporterRegistered)
    assert folded(state, registered).suspended
