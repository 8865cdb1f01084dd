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


def test_a_shipment_takes_over_what_its_sale_was_corrected_to() -> None:
    """A further correction with the same content states the composition anew; a used number does not."""
    correction = {"correction_no": "1", "net_kg": "4"}
    desks, outcomes = _filed(
        step("sale_corrections", net_kg="10", composition="Nd=300000"),
        step("shipment_corrections", **correction),
        step("shipment_corrections", "customs", **correction),
        step("shipment_corrections", **{**correction, "correction_no": "2"}),
    )
    assert outcomes == ["accepted", "accepted", "known", "known"]
    corrected = _last(desks, "shipment.corrected")
    (stated,) = corrected.movements
    assert [dict(line.ppm) for line in stated.lines] == [{"Nd": 300_000}]
    assert corrected.violations == ()


def test_a_grade_revised_later_makes_no_contradiction() -> None:
    """A sale without a composition of its own keeps the nominal one that it was recorded with."""
    _, outcomes = _filed(
        step("grades", grade="G", composition="Nd=5", effective_from="2025-02-01"),
        step("sales", "customs", contract_no="S1"),
        step("sales", "customs", contract_no="S1", composition="Nd=5"),
    )
    assert outcomes == ["accepted", "known", "accepted"]


def test_a_composition_that_was_unknown_is_stated_by_a_later_filing() -> None:
    """Customs named a grade before it was defined; the exporter's filing is then no repetition."""
    sale = {"contract_no": "S7", "grade": "H"}
    _, outcomes = _filed(step("sales", "customs", **sale), step("grades"), step("sales", **sale))
    assert outcomes == ["accepted", "accepted", "sale.already_filed_differently"]


def test_a_correction_may_use_what_the_shipment_itself_drew() -> None:
    """Of 10 kg sold and 4 drawn all 10 may turn out to have left, whoever says so."""
    _, outcomes = _filed(step("shipment_corrections", net_kg="10"))
    assert outcomes == ["accepted"]
    desks, outcomes = _filed(step("shipments", "customs", declaration_no="D1", net_kg="10"))
    assert outcomes == ["accepted"]
    assert _last(desks, "shipment.corrected").violations == ("contradicts_filing",)
