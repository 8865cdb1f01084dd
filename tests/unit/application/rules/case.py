"""A rule broken once, and the filing that breaks it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.random_trade import Step
from tests.unit.application.rules.ground import GOOD, step


@dataclass(frozen=True)
class Case:
    """A breach.

    Attributes:
        kind: what is filed.
        rule: in words, as in the table.
        code: what an exporter is refused with.
        violation: what customs' fact is flagged with; None where no event can hold it and customs is refused too.
        rows: the filing.
        before: what stands besides the common ground.
    """

    kind: str
    rule: str
    code: str
    violation: str | None
    rows: Sequence[Step]
    before: Sequence[Step] = ()


def breach(kind: str, rule: str, code: str, violation: str | None = "", /, **changes: str) -> Case:
    """Make a breach by changes of a good row; the violation is the code where none is given."""
    return Case(kind, rule, code, code if violation == "" else violation, [step(kind, **changes)])


def after(before: Sequence[Step], case: Case) -> Case:
    """Put filings before a breach."""
    return Case(case.kind, case.rule, case.code, case.violation, case.rows, before)


def lines(kind: str, *changes: dict[str, str]) -> Sequence[Step]:
    """Make one filing of several rows."""
    return [Step(kind, "exporter", tuple({**GOOD[kind], **each} for each in changes))]
