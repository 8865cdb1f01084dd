"""Positions and times as people write them."""

import re
from datetime import date, datetime

from domain.calendar import SHANGHAI
from interfaces.cli.errors import WrongUsage

_POSITION = re.compile(r"[0-9]{1,18}", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
# The calendar has no year 0.
_FIRST_MONTH = "0001-01"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time; without an offset it is Asia/Shanghai, without a time of day its midnight.

    Raises:
        WrongUsage: ``usage.wrong``.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(f"{text!r} is not an ISO 8601 time such as 2025-06-10T14:30 or 2025-06-10T06:30Z") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


def parse_position_or_time(text: str) -> int | datetime:
    """Read digits as a position of the log and anything else as a time (errors as ``parse_time``)."""
    return int(text) if _POSITION.fullmatch(text) else parse_time(text)


def parse_day(text: str) -> date:
    """Read a business date, ``YYYY-MM-DD``.

    Raises:
        WrongUsage: ``usage.wrong``.
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(f"{text!r} is not a date of the calendar") from error
    raise WrongUsage(f"{text!r} is not a date such as 2025-06-10")


def parse_period(first: str | None, last: str | None) -> tuple[str | None, str | None]:
    """Read the months that a question is about, both included; either may be open.

    Raises:
        WrongUsage: ``usage.wrong``; also for a period that ends before it begins.
    """
    months = tuple(parse_month(each) if each is not None else None for each in (first, last))
    if months[0] is not None and months[1] is not None and months[0] > months[1]:
        raise WrongUsage(f"--from {first} lies after --to {last}")
    return months[0], months[1]


def parse_month(text: str) -> str:
    """Check a month, ``YYYY-MM``.

    Raises:
        WrongUsage: ``usage.wrong``.
    """
    if not _MONTH.fullmatch(text) or text < _FIRST_MONTH:
        raise WrongUsage(f"{text!r} is not a month such as 2025-06")
    return text
