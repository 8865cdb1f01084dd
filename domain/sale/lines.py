"""From a line as filed to a line as recorded."""

import re
from collections.abc import Mapping
from datetime import date

from domain.composition import check_composition
from domain.grade.errors import GradeNotInForce, GradeUnknown
from domain.grade.state import Grade
from domain.judging import Judge
from domain.mass import check_net_mg
from domain.sale.commands import SaleLineFiled
from domain.sale.errors import HsCodeMalformed, PriceIncomplete, PriceMalformed
from domain.sale.events import CompositionBasis, SaleLine

_HS_CODE = re.compile(r"[0-9]{6}(?:[0-9]{2}){0,2}", re.ASCII)
_PRICE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def recorded_line(filed: SaleLineFiled, signed_on: date, grades: Mapping[str, Grade], judge: Judge) -> SaleLine:
    """Judge one line and copy in the composition that it was sold with.

    Notes breaches of the mass, the HS code, the price, the grade and the composition, naming the line. Where the
    composition is not known it is empty, and only the net mass counts.
    """
    with judge.rule():
        check_net_mg(filed.net_mg, field="net_kg", line_no=filed.line_no)
    with judge.rule():
        _check_hs_code(filed)
    with judge.rule():
        _check_price(filed)
    ppm, basis = _composition(filed, signed_on, grades.get(filed.grade, Grade()), judge)
    return SaleLine(
        line_no=filed.line_no,
        grade=filed.grade,
        net_mg=filed.net_mg,
        ppm=ppm,
        basis=basis,
        hs_code=filed.hs_code,
        unit_price=filed.unit_price,
        currency=filed.currency,
    )


def _composition(
    filed: SaleLineFiled, signed_on: date, grade: Grade, judge: Judge
) -> tuple[dict[str, int], CompositionBasis]:
    if not grade.nominals:
        judge.breach(GradeUnknown(f"grade {filed.grade} is not defined", field="grade", line_no=filed.line_no))
    if filed.ppm is not None:
        with judge.rule():
            check_composition(filed.ppm, line_no=filed.line_no)
        return filed.ppm, "assay"
    nominal = grade.in_force(signed_on)
    if nominal is not None:
        return nominal.ppm, "grade_nominal"
    if grade.nominals:
        text = f"grade {filed.grade} has no composition on {signed_on}; state one"
        judge.breach(GradeNotInForce(text, field="composition", line_no=filed.line_no))
    return {}, "grade_nominal"


def _check_hs_code(filed: SaleLineFiled) -> None:
    if _HS_CODE.fullmatch(filed.hs_code) is None:
        raise HsCodeMalformed(
            f"{filed.hs_code!r} is not an HS code of 6, 8 or 10 digits", field="hs_code", line_no=filed.line_no
        )


def _check_price(filed: SaleLineFiled) -> None:
    if (filed.unit_price is None) != (filed.currency is None):
        blame = "currency" if filed.currency is None else "unit_price"
        raise PriceIncomplete("a price has a currency, and a currency a price", field=blame, line_no=filed.line_no)
    if filed.unit_price is not None and _PRICE.fullmatch(filed.unit_price) is None:
        raise PriceMalformed(f"{filed.unit_price!r} is not a plain price", field="unit_price", line_no=filed.line_no)
    if filed.currency is not None and _CURRENCY.fullmatch(filed.currency) is None:
        raise PriceMalformed(
            f"{filed.currency!r} is not a currency code of three letters", field="currency", line_no=filed.line_no
        )
