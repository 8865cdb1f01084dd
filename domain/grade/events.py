"""What can be recorded about a magnet grade."""

from datetime import date
from typing import ClassVar

from domain.event import Event, Ppm, Symbol
from domain.streams import grade_stream


class _GradeStated(Event):
    grade: str
    family: str
    ppm: dict[Symbol, Ppm]
    effective_from: date

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return grade_stream(self.grade)


class GradeDefined(_GradeStated):
    """A grade and its nominal composition.

    Attributes:
        grade: name, the natural key.
        family: alloy family, such as ``NdFeB``.
        ppm: nominal composition, whole ppm by mass for each element.
        effective_from: first business date on which the composition holds.
    """

    type: ClassVar[str] = "grade.defined"


class GradeRevised(_GradeStated):
    """The nominal composition of a known grade from a later date on; earlier dates keep theirs.

    Attributes: as for ``GradeDefined``.
    """

    type: ClassVar[str] = "grade.revised"
