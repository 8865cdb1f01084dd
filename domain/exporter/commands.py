"""What can be asked of an exporter's stream."""

from domain.event import Frozen


class RegisterExporter(Frozen):
    """List an exporter. Fields as in ``ExporterRegistered``."""

    uscc: str
    name: str
    customs_code: str | None
    region: str
