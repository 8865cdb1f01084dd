"""Reading one field."""

from datetime import date

import pytest

from domain.errors import DomainError
from interfaces.cli.formats import fields
from interfaces.cli.formats.errors import FieldError


@pytest.mark.parametrize("text", ["A", "合同-1", "2025/0001", "x" * 64, "a b", "Ü", "1E5", "7e12", "E+17"])
def test_keys_are_printable_text_of_any_script(text: str) -> None:
    """Slashes and inner blanks are allowed."""
    assert fields.key(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 65, "key.too_long"),
        (" a", "key.blank_at_end"),
        ("a ", "key.blank_at_end"),
        ("a\u3000", "key.blank_at_end"),
        ("a\u202eb", "key.not_printable"),
        ("a\u200bb", "key.not_printable"),
        ("1.23E+17", "key.spreadsheet_number"),
        ("1,23e+17", "key.spreadsheet_number"),
        ("9E+17", "key.spreadsheet_number"),
        ("1.23E17", "key.spreadsheet_number"),
    ],
)
def test_other_keys_are_refused(text: str, code: str) -> None:
    """Each with its code."""
    with pytest.raises(FieldError) as refused:
        fields.key(text)
    assert refused.value.code == code


def test_spreadsheet_damage_is_named() -> None:
    """The message tells a person what happened and what to do."""
    with pytest.raises(FieldError, match="spreadsheet has reformatted; format the column as text"):
        fields.key("1.23E+17")
    with pytest.raises(FieldError, match="spreadsheet has reformatted; write it as YYYY-MM-DD"):
        fields.day("2025/6/10")


def test_a_day_is_read() -> None:
    """In one form only."""
    assert fields.day("2025-06-10") == date(2025, 6, 10)
    assert fields.day("2024-02-29") == date(2024, 2, 29)
    assert fields.day("0001-01-02") == date(1, 1, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025/6/10", "date.spreadsheet"),
        ("10.06.2025", "date.spreadsheet"),
        ("2025-6-1", "date.malformed"),
        ("2025-02-30", "date.malformed"),
        ("2025-02-29", "date.malformed"),
        ("0001-01-01", "date.malformed"),
        ("0000-06-10", "date.malformed"),
        ("20250610", "date.malformed"),
        ("\uff12\uff10\uff12\uff15-06-10", "date.malformed"),
        ("2025-06-10T00:00", "date.malformed"),
    ],
)
def test_other_dates_are_refused(text: str, code: str) -> None:
    """Each with its code."""
    with pytest.raises(FieldError) as refused:
        fields.day(text)
    assert refused.value.code == code


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("999", 999)])
def test_line_numbers_are_whole(text: str, number: int) -> None:
    """From 1 to 999."""
    assert fields.line_no(text) == number


@pytest.mark.parametrize("text", ["0", "1000", "-1", "1.0", "01", "+1", " 1", "\uff11", "9" * 5000])
def test_other_line_numbers_are_refused(text: str) -> None:
    """Whatever they look like."""
    with pytest.raises(FieldError) as refused:
        fields.line_no(text)
    assert refused.value.code == "line_no.malformed"


@pytest.mark.parametrize(
    ("text", "net_mg"),
    [("1", 1_000_000), ("0.000001", 1), ("999999999.999999", 999_999_999_999_999), ("1.5", 1_500_000)],
)
def test_masses_are_exact(text: str, net_mg: int) -> None:
    """Kilograms come in as milligrams."""
    assert fields.mass(text) == net_mg


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "mass.malformed"),
        ("+1", "mass.malformed"),
        ("1e3", "mass.malformed"),
        ("1,000", "mass.malformed"),
        ("1 000", "mass.malformed"),
        (".5", "mass.malformed"),
        ("5.", "mass.malformed"),
        ("1.2.3", "mass.malformed"),
        ("1000000000", "mass.malformed"),
        ("\uff11", "mass.malformed"),
        ("NaN", "mass.malformed"),
        ("0.0000001", "mass.too_precise"),
        ("1.0000000", "mass.too_precise"),
    ],
)
def test_other_masses_are_refused(text: str, code: str) -> None:
    """Nothing is rounded and nothing is guessed."""
    with pytest.raises(DomainError) as refused:
        fields.mass(text)
    assert refused.value.code == code


@pytest.mark.parametrize("character", ["\0", "\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\udcff"])
def test_control_characters_are_refused(character: str) -> None:
    """NUL and line breaks included."""
    with pytest.raises(FieldError) as refused:
        fields.check_characters(f"a{character}b")
    assert refused.value.code == "field.control_character"
    assert f"U+{ord(character):04X}" in refused.value.message
