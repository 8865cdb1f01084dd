"""Given a grade's compositions, when one is stated, then it holds from its date on and never before."""

from datetime import date

import pytest

from domain.errors import DomainError
from domain.grade import decide
from domain.grade.commands import StateGrade
from domain.grade.events import GradeDefined, GradeRevised
from domain.grade.state import Grade
from tests.unit.domain.facts import GRADE_KNOWN, NOMINAL, folded, refused

FIRST, SECOND = date(2025, 1, 1), date(2025, 6, 1)
KNOWN = folded(Grade(), GRADE_KNOWN)


def _filing(day: date = FIRST, **ppm: int) -> StateGrade:
    return StateGrade(grade="G", family="NdFeB", ppm=ppm or NOMINAL, effective_from=day)


def test_the_first_statement_defines_and_a_later_one_revises() -> None:
    """Each once; on a business date the last one before it is in force."""
    assert decide.state_nominal(Grade(), _filing()) == (GRADE_KNOWN,)
    (revised,) = decide.state_nominal(KNOWN, _filing(SECOND, Nd=1))
    assert (type(GRADE_KNOWN), type(revised)) == (GradeDefined, GradeRevised)
    state = folded(KNOWN, revised)
    for command in (_filing(), _filing(SECOND, Nd=1)):
        assert decide.state_nominal(state, command) == ()
    days = (date(2024, 12, 31), FIRST, date(2025, 5, 31), SECOND, date(2999, 1, 1))
    in_force = [found.ppm if (found := state.in_force(day)) else None for day in days]
    assert in_force == [None, NOMINAL, NOMINAL, {"Nd": 1}, {"Nd": 1}]
    before, within, after = (date.min, FIRST), (FIRST, SECOND), (SECOND, date.max)
    assert [state.unchanged_around(day) for day in days] == [before, within, within, after, after]


RANGE = ("composition.ppm_out_of_range", "composition")


@pytest.mark.parametrize(
    ("command", "code", "field", "violation"),
    [
        (_filing(Nd=1), "grade.already_filed_differently", "grade", "contradicts_filing"),
        (_filing(date(2024, 12, 31)), "grade.revision_not_later", "effective_from", None),
        (_filing(SECOND, Nd=0), *RANGE, None),
        (_filing(SECOND, Nd=1_000_001), *RANGE, None),
        (_filing(SECOND, Nd=1, Fe=1_000_000), *RANGE, None),
        (_filing(SECOND, Xx=1), "composition.element_unknown", "composition", None),
    ],
)
def test_a_breach_is_refused_or_flagged(command: StateGrade, code: str, field: str, violation: str | None) -> None:
    """History keeps its composition, unless customs says otherwise."""
    with pytest.raises(DomainError) as raised:
        decide.state_nominal(KNOWN, command)
    assert refused(raised) == (code, field, None)
    (event,) = decide.state_nominal(KNOWN, command, "customs")
    assert event.violations == (violation or code,)
    found = folded(KNOWN, event).in_force(command.effective_from)
    assert found is not None
    assert found.ppm == command.ppm


def test_the_whole_may_be_one_element() -> None:
    """A share of 1,000,000 ppm and no more."""
    assert decide.state_nominal(Grade(), _filing(Nd=1_000_000))[0].violations == ()


def test_order_of_recording_is_not_order_of_dates() -> None:
    """What customs states for an earlier date holds between that date and the next."""
    (earlier,) = decide.state_nominal(KNOWN, _filing(date(2024, 1, 1), Nd=5), "customs")
    state = folded(KNOWN, earlier)
    assert [each.effective_from for each in state.nominals] == [date(2024, 1, 1), FIRST]
    found = state.in_force(date(2024, 12, 31))
    assert found is not None
    assert found.ppm == {"Nd": 5}
