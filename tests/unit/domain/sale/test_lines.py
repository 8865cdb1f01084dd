"""A line as filed, judged, with the composition that it is sold with."""

from datetime import date
from typing import Any

import pytest

from domain.errors import DomainError
from domain.event import MAX_NET_MG
from domain.grade.events import GradeRevised
from domain.grade.state import Grade
from domain.judging import Judge
from domain.sale.commands import SaleLineFiled
from domain.sale.events import SaleLine
from domain.sale.lines import recorded_line
from tests.unit.domain.facts import ASSAY, GRADE_KNOWN, NOMINAL, SIGNED, folded, line, refused

REVISED = GradeRevised(grade="G", family="NdFeB", ppm={"Nd": 1}, effective_from=date(2025, 6, 2))
GRADES = {"G": folded(Grade(), GRADE_KNOWN, REVISED)}


def _recorded(filed: SaleLineFiled, day: date = SIGNED) -> SaleLine:
    judge = Judge("exporter")
    found = recorded_line(filed, day, GRADES, judge)
    assert judge.settle() == ()
    return found


@pytest.mark.parametrize(
    ("filed", "day", "ppm", "basis"),
    [
        (None, date(2025, 1, 1), NOMINAL, "grade_nominal"),
        (None, date(2025, 6, 1), NOMINAL, "grade_nominal"),
        (None, date(2025, 6, 2), {"Nd": 1}, "grade_nominal"),
        (ASSAY, date(2025, 6, 2), ASSAY, "assay"),
        (ASSAY, date(2024, 6, 2), ASSAY, "assay"),
        (NOMINAL, date(2025, 6, 1), NOMINAL, "assay"),
    ],
)
def test_the_composition_is_copied_with_its_basis(
    filed: dict[str, int] | None, day: date, ppm: dict[str, int], basis: str
) -> None:
    """What is stated for the lot, else what the grade's is on the business date."""
    found = _recorded(line(ppm=filed), day)
    assert (found.ppm, found.basis) == (ppm, basis)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"net_mg": 1}, None, None),
        ({"net_mg": 0}, "mass.not_positive", "net_kg"),
        ({"net_mg": -1}, "mass.not_positive", "net_kg"),
        ({"net_mg": MAX_NET_MG}, None, None),
        *(({"hs_code": code}, None, None) for code in ("850511", "85051110", "8505111000")),
        *(
            ({"hs_code": code}, "hs_code.malformed", "hs_code")
            for code in ("8505", "8505111", "850511100", "850511100000", "85051\uff11", "8505.11", "")
        ),
        ({"unit_price": "61.40", "currency": "USD"}, None, None),
        ({"unit_price": "0.000001", "currency": "CNY"}, None, None),
        ({"unit_price": "61.40"}, "price.incomplete", "currency"),
        ({"currency": "USD"}, "price.incomplete", "unit_price"),
        ({"unit_price": "0.0000001", "currency": "USD"}, "price.malformed", "unit_price"),
        ({"unit_price": "1e3", "currency": "USD"}, "price.malformed", "unit_price"),
        ({"unit_price": "1", "currency": "usd"}, "price.malformed", "currency"),
        ({"grade": "H"}, "grade.unknown", "grade"),
        ({"ppm": {}}, "composition.malformed", "composition"),
        ({"ppm": {"Nd": 0}}, "composition.ppm_out_of_range", "composition"),
        ({"ppm": {"Nd": 500_000, "Fe": 500_000}}, None, None),
        ({"ppm": {"Nd": 500_000, "Fe": 500_001}}, "composition.ppm_out_of_range", "composition"),
        ({"ppm": {"Xx": 1}}, "composition.element_unknown", "composition"),
    ],
)
def test_a_line_is_judged_and_named(changes: dict[str, Any], code: str | None, field: str | None) -> None:
    """Each rule at its edges."""
    if code is None:
        assert _recorded(line(7, **changes)).line_no == 7
        return
    with pytest.raises(DomainError) as raised:
        _recorded(line(7, **changes))
    assert refused(raised) == (code, field, 7)


def test_before_its_first_day_a_grade_has_no_composition() -> None:
    """An exporter has to state one; of customs' line only the net mass counts."""
    with pytest.raises(DomainError) as raised:
        _recorded(line(), date(2024, 12, 31))
    assert refused(raised) == ("grade.not_in_force", "composition", 1)
    judge = Judge("customs")
    assert recorded_line(line(), date(2024, 12, 31), GRADES, judge).ppm == {}
    assert judge.settle() == ("grade.not_in_force",)
