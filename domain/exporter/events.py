"""What can be recorded about an exporter."""

from typing import ClassVar

from domain.event import Event, Number, UsccText
from domain.streams import exporter_stream


class _OfExporter(Event):
    uscc: UsccText

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return exporter_stream(self.uscc)


class ExporterRegistered(_OfExporter):
    """An exporter entered the system.

    Attributes:
        uscc: unified social credit code (GB 32100-2015), 18 characters.
        names: its names, the registered one first; never empty.
        customs_code: customs registration code, if it has one.
        region: administrative division code.
    """

    type: ClassVar[str] = "exporter.registered"

    names: tuple[str, ...]
    customs_code: str | None
    region: str


class ExporterSuspended(_OfExporter):
    """Nothing may be filed for the exporter until it is reinstated.

    Attributes:
        uscc: unified social credit code of the exporter.
        standing_no: counts the changes of its standing, from 1.
        reason: why, as filed.
    """

    type: ClassVar[str] = "exporter.suspended"

    standing_no: Number
    reason: str


class ExporterReinstated(_OfExporter):
    """The exporter may be filed for again.

    Attributes: as for ``ExporterSuspended``.
    """

    type: ClassVar[str] = "exporter.reinstated"

    standing_no: Number
    reason: str
