"""Business dates: the calendar of Asia/Shanghai."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from domain.errors import DomainError

SHANGHAI = ZoneInfo("Asia/Shanghai")
SKEW = timedelta(minutes=5)
# The day before begins, in UTC, in the year 0: neither Python nor the store's readers have a moment for that.
FIRST_DAY = date(1, 1, 2)


def business_day_of(moment: datetime) -> date:
    """Give the business day that a moment falls on."""
    return moment.astimezone(SHANGHAI).date()


def midnight(day: date) -> datetime:
    """Give the moment at which a business day begins."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def month_of(day: date) -> str:
    """Give the period of a business date, as ``YYYY-MM``."""
    return day.isoformat()[:7]


class DateInFuture(DomainError):
    """A business date after today in Asia/Shanghai."""

    code: ClassVar[str] = "date.in_future"


def check_not_future(day: date, today: date, *, field: str) -> None:
    """Refuse a business date after today: ``date.in_future``."""
    if day > today:
        raise DateInFuture(f"{day} is after today ({today}, Asia/Shanghai)", field=field)


class TimeInFuture(DomainError):
    """A time further ahead of the clock than clocks may differ."""

    code: ClassVar[str] = "time.in_future"


def check_skew(moment: datetime, now: datetime) -> None:
    """Refuse a filer's time that is more than 5 minutes ahead of the event store's: ``time.in_future``."""
    if moment - now > SKEW:
        ahead = f"{moment.isoformat()} is more than 5 minutes ahead of the event store's {now.isoformat()}"
        raise TimeInFuture(f"{ahead}; set this machine's clock")
