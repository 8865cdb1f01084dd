"""Filings that are counted under their key: corrections, amendments, changes of standing."""

from typing import ClassVar

from domain.errors import DomainError
from domain.judging import CONTRADICTS_FILING, Judge


class NumberAlreadyUsed(DomainError):
    """A filing with this number is known, with other content."""

    code: ClassVar[str] = "number.already_used"


class NumberSkipped(DomainError):
    """The numbers before this one have not been filed."""

    code: ClassVar[str] = "number.skipped"


def judge_number(number: int, last: int, judge: Judge, *, field: str) -> None:
    """Note a number that does not follow the last one: ``number.already_used``, ``number.skipped``."""
    if number <= last:
        error = NumberAlreadyUsed(f"number {number} is already filed with other content", field=field)
        judge.breach(error, CONTRADICTS_FILING)
    if number > last + 1:
        judge.breach(NumberSkipped(f"number {last + 1} comes next, not {number}", field=field))
