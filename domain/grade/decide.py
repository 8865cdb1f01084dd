"""What may happen to a grade."""

from domain.composition import check_composition
from domain.event import Event
from domain.grade.commands import StateGrade
from domain.grade.errors import GradeFiledDifferently, RevisionNotLater
from domain.grade.events import GradeDefined, GradeRevised
from domain.grade.state import Grade, Nominal


def state_nominal(state: Grade, command: StateGrade) -> tuple[Event, ...]:
    """Define a grade, or revise it from a later date; nothing if that very statement is known.

    Raises:
        DomainError: of ``check_composition``.
        GradeFiledDifferently: ``grade.already_filed_differently``.
        RevisionNotLater: ``grade.revision_not_later``.
    """
    check_composition(command.ppm)
    stated = Nominal(family=command.family, ppm=command.ppm, effective_from=command.effective_from)
    if not state.nominals:
        return (GradeDefined(**command.model_dump()),)
    if stated in state.nominals:
        return ()
    if any(each.effective_from == stated.effective_from for each in state.nominals):
        raise GradeFiledDifferently(
            f"grade {command.grade} is known with another composition from {stated.effective_from}", field="grade"
        )
    latest = state.nominals[-1].effective_from
    if stated.effective_from < latest:
        raise RevisionNotLater(
            f"grade {command.grade} already has a composition from {latest}; a revision is later",
            field="effective_from",
        )
    return (GradeRevised(**command.model_dump()),)
