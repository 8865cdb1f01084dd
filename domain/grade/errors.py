"""What is refused of a grade."""

from typing import ClassVar

from domain.errors import DomainError


class GradeUnknown(DomainError):
    """The grade has not been defined."""

    code: ClassVar[str] = "grade.unknown"


class GradeNotInForce(DomainError):
    """The grade has no nominal composition on the business date."""

    code: ClassVar[str] = "grade.not_in_force"


class GradeFiledDifferently(DomainError):
    """The grade is known with another composition from the same date."""

    code: ClassVar[str] = "grade.already_filed_differently"


class RevisionNotLater(DomainError):
    """A revision takes effect later than everything already known; history keeps its composition."""

    code: ClassVar[str] = "grade.revision_not_later"
