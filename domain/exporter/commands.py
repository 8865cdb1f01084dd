"""What can be asked of an exporter's stream."""

from domain.event import Frozen
from domain.standing import StandingAction


class RegisterExporter(Frozen):
    """List an exporter. Fields as in ``ExporterRegistered``."""

    uscc: str
    name: str
    customs_code: str | None
    region: str


class ChangeExporterStanding(Frozen):
    """Suspend or reinstate an exporter. Fields as in ``ExporterSuspended``."""

    uscc: str
    standing_no: int
    action: StandingAction
    reason: str
