"""What may happen to a grade."""

from domain.composition import check_composition
from domain.event import Event
from domain.grade.commands import StateGrade
from domain.grade.errors import GradeFiledDifferently, RevisionNotLater
from domain.grade.events import GradeDefined, GradeRevised
from domain.grade.state import Grade, Nominal
from domain.judging import CONTRADICTS_FILING, EXPORTER, Judge, Source


def state_nominal(state: Grade, command: StateGrade, source: Source = EXPORTER) -> tuple[Event, ...]:
    """Define a grade, or revise it from a later date; nothing if that very statement is known.

    Raises:
        DomainError: of ``check_composition``.
        GradeFiledDifferently: ``grade.already_filed_differently``.
        RevisionNotLater: ``grade.revision_not_later``.
    """
    judge = Judge(source)
    with judge.rule():
        check_composition(command.ppm)
    stated = Nominal(family=command.family, ppm=command.ppm, effective_from=command.effective_from)
    if not state.nominals:
        return (GradeDefined(**command.model_dump(), violations=judge.settle()),)
    if stated in state.nominals:
        return ()
    _judge_revision(state, command, judge)
    return (GradeRevised(**command.model_dump(), violations=judge.settle()),)


def _judge_revision(state: Grade, command: StateGrade, judge: Judge) -> None:
    latest = state.nominals[-1].effective_from
    if any(each.effective_from == command.effective_from for each in state.nominals):
        error = GradeFiledDifferently(
            f"grade {command.grade} is known with another composition from {command.effective_from}", field="grade"
        )
        judge.breach(error, CONTRADICTS_FILING)
    elif command.effective_from < latest:
        judge.breach(
            RevisionNotLater(
                f"grade {command.grade} already has a composition from {latest}; a revision is later",
                field="effective_from",
            )
        )
