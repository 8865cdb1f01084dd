"""Positions and times as people write them."""

from datetime import UTC, date, datetime

import pytest

from interfaces.cli.errors import WrongUsage
from interfaces.cli.moments import parse_day, parse_month, parse_position_or_time, parse_time


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025-06-10T14:30", datetime(2025, 6, 10, 6, 30, tzinfo=UTC)),
        ("2025-06-10 14:30:15.25", datetime(2025, 6, 10, 6, 30, 15, 250_000, tzinfo=UTC)),
        ("2025-06-10", datetime(2025, 6, 9, 16, 0, tzinfo=UTC)),
        ("2025-06-10T14:30Z", datetime(2025, 6, 10, 14, 30, tzinfo=UTC)),
        ("2025-06-10T14:30-05:00", datetime(2025, 6, 10, 19, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_shanghai(text: str, utc: datetime) -> None:
    """Only an offset that is written moves a time away from Asia/Shanghai."""
    assert parse_time(text) == utc


def test_digits_are_a_position_and_the_rest_a_time() -> None:
    """The two never mix: eight digits are a position, not a compact date."""
    assert parse_position_or_time("20250610") == 20250610
    assert parse_position_or_time("2025-06-10T00:00Z") == datetime(2025, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "", "-3", "2025-13-01", "1.5", "٣"])
def test_what_is_neither_is_wrong_usage(text: str) -> None:
    """The message shows how it is written."""
    with pytest.raises(WrongUsage, match="ISO 8601"):
        parse_position_or_time(text)


def test_days_and_months_have_one_form() -> None:
    """Other spellings that Python would take are refused."""
    assert parse_day("2025-06-10") == date(2025, 6, 10)
    assert parse_month("2025-06") == "2025-06"
    for wrong in ("20250610", "2025-W24-2", "2025-02-30", "2025/06/10"):
        with pytest.raises(WrongUsage):
            parse_day(wrong)
    for wrong in ("2025-13", "0000-01", "2025-6", "2025", "2025-06-01"):
        with pytest.raises(WrongUsage):
            parse_month(wrong)
