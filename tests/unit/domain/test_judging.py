"""What a judge makes of breaches, and the rules that every kind of filing shares."""

import pytest

from domain.errors import DomainError
from domain.judging import CONTRADICTS_FILING, Judge, Source
from domain.lines import check_line_numbers
from domain.mass import MassNotPositive, MassTooLarge, check_net_mg
from domain.numbering import judge_number
from domain.streams import client_stream, kind_of, sale_stream


def _judged(source: Source) -> Judge:
    judge = Judge(source)
    with judge.rule():
        check_net_mg(0, field="net_kg", line_no=1)
    judge.breach(MassTooLarge("second"), CONTRADICTS_FILING)
    judge.breach(MassNotPositive("third"))
    return judge


def test_an_exporter_is_told_the_first_breach() -> None:
    """In the order in which the rules were asked."""
    with pytest.raises(MassNotPositive, match="above zero"):
        _judged("exporter").settle()


def test_customs_breaches_are_recorded_each_once() -> None:
    """By the error's code, or by what they are flagged with."""
    assert _judged("customs").settle() == ("mass.not_positive", CONTRADICTS_FILING)


@pytest.mark.parametrize("source", ["exporter", "customs"])
def test_without_a_breach_there_is_nothing_to_record(source: Source) -> None:
    """And what is no refusal is not taken for one."""
    judge = Judge(source)
    with pytest.raises(KeyError), judge.rule():
        raise KeyError
    assert judge.settle() == ()


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([999, 1], None),
        (range(1, 1000), None),
        ([0], "line.out_of_range"),
        ([1000], "line.out_of_range"),
        ([2, 1, 2], "line.repeated"),
        ([], "line.missing"),
    ],
)
def test_lines_are_numbered_from_1_to_999_each_once(numbers: list[int], code: str | None) -> None:
    """In any order."""
    if code is None:
        check_line_numbers(numbers)
        return
    with pytest.raises(DomainError) as raised:
        check_line_numbers(numbers)
    assert (raised.value.code, raised.value.field) == (code, "line_no")


@pytest.mark.parametrize(
    ("number", "violations"),
    [(1, ("contradicts_filing",)), (2, ("contradicts_filing",)), (3, ()), (4, ("number.skipped",))],
)
def test_what_is_counted_follows_the_last(number: int, violations: tuple[str, ...]) -> None:
    """Two have been filed."""
    judge = Judge("customs")
    judge_number(number, 2, judge, field="correction_no")
    assert judge.settle() == violations


def test_the_key_is_the_last_part_of_a_stream_whatever_it_holds() -> None:
    """Slashes included: the parts before it hold none."""
    assert client_stream("U", "a/b") == "client/U/a/b"
    assert kind_of(sale_stream("U", "shipment/1")) == "sale"
