"""What exporters and customs file one after another about the same paper."""

import pytest

from domain import registry
from domain.event import Event
from tests.property.test_trade import Desks
from tests.support.random_trade import Step
from tests.unit.application.rules.ground import ground, step


def _filed(*steps: Step) -> tuple[Desks, list[str]]:
    """File on the ground; give what became of each: ``accepted``, ``known`` or the code of its refusal."""
    desks = Desks()
    for each in ground():
        desks.file(each)
    outcomes = [desks.file(each) for each in steps]
    names = [type(each).__name__.removeprefix("Filing").lower() for each in outcomes]
    return desks, [str(getattr(each, "code", name)) for each, name in zip(outcomes, names, strict=True)]


def _last(desks: Desks, event_type: str) -> Event:
    found = [each for each in desks.log.read(0, desks.log.head()) if each.type == event_type]
    return registry.decode(found[-1].type, found[-1].schema_version, found[-1].data)


def test_a_standing_that_customs_contradicts_frees_no_number() -> None:
    """The highest number that was used counts, not that of the last statement."""
    again = step("standings", standing_no="2", action="reinstate", reason="again")
    _, outcomes = _filed(
        step("standings", standing_no="1"),
        step("standings", standing_no="2", action="reinstate"),
        step("standings", "customs", standing_no="1", reason="another"),
        again,
        step("standings", standing_no="3", action="reinstate"),
    )
    assert outcomes == ["accepted", "accepted", "accepted", "number.already_used", "accepted"]


def test_an_earlier_standing_stated_again_by_customs_is_known() -> None:
    """So it does not suspend once more what was reinstated since."""
    _, outcomes = _filed(
        step("standings", standing_no="1"),
        step("standings", standing_no="2", action="reinstate"),
        step("standings", "customs", standing_no="1"),
    )
    assert outcomes == ["accepted", "accepted", "known"]


@pytest.mark.parametrize(
    ("kind", "paper", "changes"),
    [("cancellations", "sales", {"contract_no": "S5"}), ("deliveries", "shipments", {"declaration_no": "D5"})],
)
def test_what_could_not_be_counted_is_filed_once_more(kind: str, paper: str, changes: dict[str, str]) -> None:
    """Customs told of it before the paper was known; once it is, the exporter's filing moves its volume."""
    desks, outcomes = _filed(
        step(kind, "customs", **changes), step(paper, **changes), step(kind, **changes), step(kind, **changes)
    )
    assert outcomes == ["accepted", "accepted", "accepted", "known"]
    (last,) = desks.log.read(desks.log.head() - 1, 1)
    event = registry.decode(last.type, last.schema_version, last.data)
    assert len(event.movements) == 1
    assert event.violations == ()
