"""Each rule broken by an exporter is refused, reported by customs it is recorded; the table is docs/rules.md."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from application.filing import FilingAccepted, FilingKnown, FilingRefused
from domain import registry
from interfaces.cli.formats.kinds import KINDS
from tests.property.test_trade import Desks
from tests.support.random_trade import EXPORTER
from tests.unit.application.rules.case import Case
from tests.unit.application.rules.cases import CASES
from tests.unit.application.rules.ground import GOOD, ground, step

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
# What decisions cannot say of a filing, and what reading it says before any decision.
ELSEWHERE = {
    "domain.error": "the base of all others",
    "event.unknown_type": "said of stored events",
    "event.unknown_version": "said of stored events",
    "event.malformed": "said of stored events",
    "time.in_future": "said of moments, and filings state days",
    "mass.malformed": "said of text",
    "mass.too_precise": "said of text",
    "composition.malformed": "said of text",
    "composition.element_repeated": "said of text",
    "line.missing": "a filing has a row",
    "line.out_of_range": "said of text first",
}


def _desks(case: Case) -> Desks:
    desks = Desks()
    for each in [*ground(), *case.before]:
        assert isinstance(desks.file(each), FilingAccepted), each
    return desks


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.rule}")
def test_an_exporter_is_refused(case: Case) -> None:
    """With its code; nothing is recorded."""
    desks = _desks(case)
    before = desks.log.head()
    outcome = desks.file(case.rows[0])
    assert isinstance(outcome, FilingRefused)
    assert (outcome.code, desks.log.head()) == (case.code, before)
    assert outcome.message
    assert outcome.field is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.rule}")
def test_what_customs_reports_is_recorded(case: Case) -> None:
    """With its violation and no other; what no event can hold is refused too."""
    desks = _desks(case)
    before = desks.log.head()
    outcome = desks.file(replace(case.rows[0], source="customs"))
    if case.violation is None:
        assert isinstance(outcome, FilingRefused)
        assert (outcome.code, desks.log.head()) == (case.code, before)
        return
    assert isinstance(outcome, FilingAccepted), outcome
    (first, *_) = desks.log.read(before, 10)
    event = registry.decode(first.type, first.schema_version, first.data)
    assert event.violations == (case.violation,)


@pytest.mark.parametrize("source", ["exporter", "customs"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_filed_twice_adds_nothing(kind: str, source: str) -> None:
    """By the same source, and by the other: what is in force is already filed."""
    desks = Desks()
    for each in ground():
        desks.file(each)
    assert isinstance(desks.file(step(kind, source)), FilingAccepted)
    head = desks.log.head()
    other = "customs" if source == "exporter" else "exporter"
    assert isinstance(desks.file(step(kind, source)), FilingKnown)
    assert isinstance(desks.file(step(kind, other)), FilingKnown)
    assert desks.log.head() == head


def test_the_table_is_that_of_the_cases() -> None:
    """Every case stands in the document, and nothing else does."""
    rows = {
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for line in PAGE.splitlines()
        if line.startswith("| `")
    }
    assert rows == {(case.kind, case.rule, case.code, case.violation or "refused too") for case in CASES}


def test_every_code_of_a_decision_stands_in_the_table() -> None:
    """A new rule needs a case."""
    declared = re.compile(r'code: ClassVar\[str\] = "([a-z_.]+)"')
    codes = {code for path in (ROOT / "domain").rglob("*.py") for code in declared.findall(path.read_text("utf-8"))}
    assert codes - set(ELSEWHERE) == {case.code for case in CASES}


def test_the_ground_is_of_every_kind() -> None:
    """A good filing of each."""
    assert list(GOOD) == [*(kind for kind in KINDS)]
    assert GOOD["sales"]["exporter_uscc"] == EXPORTER
