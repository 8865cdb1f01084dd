"""What a grade's stream says now."""

from datetime import date

from domain.event import Event, Frozen
from domain.grade.events import GradeDefined, GradeRevised


class Nominal(Frozen):
    """A nominal composition and the first business date on which it holds."""

    family: str
    ppm: dict[str, int]
    effective_from: date


class Grade(Frozen):
    """A grade: its nominal compositions, oldest first; empty until it is defined."""

    nominals: tuple[Nominal, ...] = ()

    def in_force(self, day: date) -> Nominal | None:
        """Give the composition in force on a business date, None before the first."""
        return next((each for each in reversed(self.nominals) if each.effective_from <= day), None)

    def unchanged_around(self, day: date) -> tuple[date, date]:
        """Give the first day and the day after the last of the time around this one without a new composition."""
        begins = [each.effective_from for each in self.nominals]
        first = max((each for each in begins if each <= day), default=date.min)
        return first, min((each for each in begins if each > day), default=date.max)

    def evolve(self, event: Event) -> "Grade":
        """Take in one event; what is not this aggregate's changes nothing."""
        if isinstance(event, GradeDefined | GradeRevised):
            stated = Nominal(family=event.family, ppm=event.ppm, effective_from=event.effective_from)
            # Customs may state another composition from the same date: the last statement counts.
            others = (each for each in self.nominals if each.effective_from != stated.effective_from)
            kept = (*others, stated)
            return Grade(nominals=tuple(sorted(kept, key=lambda each: each.effective_from)))
        return self
