"""What may happen to an exporter."""

from domain.event import Event
from domain.exporter.commands import ChangeExporterStanding, RegisterExporter
from domain.exporter.errors import ExporterFiledDifferently, ExporterIsSuspended, ExporterUnknown
from domain.exporter.events import ExporterRegistered, ExporterReinstated, ExporterSuspended
from domain.exporter.state import Exporter
from domain.identifiers import check_uscc, require_uscc_form
from domain.judging import CONTRADICTS_FILING, EXPORTER, Judge, Source
from domain.numbering import judge_number


def register(state: Exporter, command: RegisterExporter, source: Source = EXPORTER) -> tuple[Event, ...]:
    """Register an exporter; nothing if it is known with equal content.

    Raises:
        UsccInvalid: ``uscc.invalid``.
        ExporterFiledDifferently: ``exporter.already_filed_differently``.
    """
    require_uscc_form(command.uscc, field="uscc")
    judge = Judge(source)
    with judge.rule():
        check_uscc(command.uscc, field="uscc")
    event = ExporterRegistered(
        uscc=command.uscc, names=(command.name,), customs_code=command.customs_code, region=command.region
    )
    if state.registered is not None:
        if event == state.registered.model_copy(update={"violations": ()}):
            return ()
        error = ExporterFiledDifferently(f"exporter {command.uscc} is known with other details", field="uscc")
        judge.breach(error, CONTRADICTS_FILING)
    return (event.model_copy(update={"violations": judge.settle()}),)


def change_standing(state: Exporter, command: ChangeExporterStanding, source: Source = EXPORTER) -> tuple[Event, ...]:
    """Suspend or reinstate an exporter; nothing if that very change is known.

    Raises:
        UsccInvalid: ``uscc.invalid``.
        ExporterUnknown: ``exporter.unknown``.
        DomainError: ``number.already_used``, ``number.skipped``.
    """
    require_uscc_form(command.uscc, field="stream")
    judge = Judge(source)
    with judge.rule():
        _refuse_unknown(state, command.uscc, field="stream")
    if state.standing.states(command.standing_no, command.action, command.reason):
        return ()
    judge_number(command.standing_no, state.standing.last_no, judge, field="standing_no")
    kind = ExporterSuspended if command.action == "suspend" else ExporterReinstated
    return (kind(**command.model_dump(exclude={"action"}), violations=judge.settle()),)


def judge_exporter(exporter: Exporter, uscc: str, judge: Judge, *, field: str = "exporter_uscc") -> None:
    """Note what keeps a filing from being made for an exporter.

    Raises:
        UsccInvalid: ``uscc.invalid``, where no event can hold it.
    """
    require_uscc_form(uscc, field=field)
    with judge.rule():
        check_uscc(uscc, field=field)
    with judge.rule():
        _refuse_unknown(exporter, uscc, field=field)
    if exporter.suspended:
        judge.breach(ExporterIsSuspended(f"exporter {uscc} is suspended", field=field))


def _refuse_unknown(exporter: Exporter, uscc: str, *, field: str) -> None:
    if exporter.registered is None:
        raise ExporterUnknown(f"exporter {uscc} is not registered", field=field)
