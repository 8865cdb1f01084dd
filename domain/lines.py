"""Line numbers of a filing."""

from collections.abc import Iterable
from typing import ClassVar

from domain.errors import DomainError

MAX_LINES = 999


class LinesMissing(DomainError):
    """A filing has at least one line."""

    code: ClassVar[str] = "line.missing"


class LineRepeated(DomainError):
    """A line number that occurs twice in one filing."""

    code: ClassVar[str] = "line.repeated"


class LineOutOfRange(DomainError):
    """A line number that is not within 1 to 999."""

    code: ClassVar[str] = "line.out_of_range"


def check_line_numbers(numbers: Iterable[int]) -> None:
    """Refuse numbers that are not unique and within 1 to 999.

    Raises:
        LinesMissing: ``line.missing``.
        LineRepeated: ``line.repeated``.
        LineOutOfRange: ``line.out_of_range``.
    """
    seen: set[int] = set()
    for number in numbers:
        if not 1 <= number <= MAX_LINES:
            raise LineOutOfRange(f"line {number} is not within 1 to {MAX_LINES}", field="line_no", line_no=number)
        if number in seen:
            raise LineRepeated(f"line {number} occurs twice", field="line_no", line_no=number)
        seen.add(number)
    if not seen:
        raise LinesMissing("a filing has at least one line", field="line_no")
