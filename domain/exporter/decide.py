"""What may happen to an exporter."""

from domain.event import Event
from domain.exporter.commands import RegisterExporter
from domain.exporter.errors import ExporterFiledDifferently, ExporterUnknown
from domain.exporter.events import ExporterRegistered
from domain.exporter.state import Exporter
from domain.identifiers import check_uscc


def register(state: Exporter, command: RegisterExporter) -> tuple[Event, ...]:
    """Register an exporter; nothing if it is known with equal content.

    Raises:
        UsccInvalid: ``uscc.invalid``.
        ExporterFiledDifferently: ``exporter.already_filed_differently``.
    """
    check_uscc(command.uscc, field="uscc")
    event = ExporterRegistered(
        uscc=command.uscc, names=(command.name,), customs_code=command.customs_code, region=command.region
    )
    if state.registered is None:
        return (event,)
    if state.registered == event:
        return ()
    raise ExporterFiledDifferently(f"exporter {command.uscc} is known with other details", field="uscc")


def check_registered(exporter: Exporter, uscc: str) -> None:
    """Refuse a filing for an exporter that is not registered.

    Raises:
        UsccInvalid: ``uscc.invalid``.
        ExporterUnknown: ``exporter.unknown``.
    """
    check_uscc(uscc, field="exporter_uscc")
    if exporter.registered is None:
        raise ExporterUnknown(f"exporter {uscc} is not registered", field="exporter_uscc")
