"""What can be asked of a grade's stream."""

from datetime import date

from domain.event import Frozen


class StateGrade(Frozen):
    """Define a grade, or revise a known one from a later date. Fields as in ``GradeDefined``."""

    grade: str
    family: str
    ppm: dict[str, int]
    effective_from: date
