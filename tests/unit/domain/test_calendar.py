"""Business dates: days of Asia/Shanghai, none after today."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import (
    FIRST_DAY,
    DateInFuture,
    TimeInFuture,
    business_day_of,
    check_not_future,
    check_skew,
    midnight,
    month_of,
)

NOON = datetime(2025, 6, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 6, 10, 15, 59, 59, 999_999, tzinfo=UTC), date(2025, 6, 10)),
        (datetime(2025, 6, 10, 16, tzinfo=UTC), date(2025, 6, 11)),
        (datetime(2024, 2, 28, 16, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2024, 12, 31, 16, tzinfo=UTC), date(2025, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(moment: datetime, day: date) -> None:
    """Eight hours before it begins in UTC, leap days and new years too."""
    assert business_day_of(moment) == day
    assert midnight(day) <= moment < midnight(day + timedelta(days=1))


def test_the_first_day_is_the_first_with_a_moment_in_utc() -> None:
    """What is before it can be written, and never be read again."""
    assert midnight(FIRST_DAY).astimezone(UTC).year == 1
    with pytest.raises(OverflowError):
        midnight(FIRST_DAY - timedelta(days=1)).astimezone(UTC)


@pytest.mark.parametrize(("day", "month"), [(date(2025, 6, 30), "2025-06"), (date(987, 1, 2), "0987-01")])
def test_the_period_is_the_month(day: date, month: str) -> None:
    """Of the business date, with four digits for the year."""
    assert month_of(day) == month


def test_today_is_not_the_future_and_tomorrow_is() -> None:
    """A business date is today at the latest."""
    check_not_future(date(2025, 6, 10), date(2025, 6, 10), field="signed_on")
    with pytest.raises(DateInFuture) as refused:
        check_not_future(date(2025, 6, 11), date(2025, 6, 10), field="signed_on")
    assert (refused.value.code, refused.value.field) == ("date.in_future", "signed_on")


def test_clocks_may_differ_by_five_minutes() -> None:
    """And by nothing more."""
    check_skew(NOON + timedelta(minutes=5), NOON)
    with pytest.raises(TimeInFuture) as refused:
        check_skew(NOON + timedelta(minutes=5, microseconds=1), NOON)
    assert refused.value.code == "time.in_future"
