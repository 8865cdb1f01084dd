"""What can be recorded about an exporter."""

from typing import ClassVar

from domain.event import Event, UsccText
from domain.streams import exporter_stream


class ExporterRegistered(Event):
    """An exporter entered the system.

    Attributes:
        uscc: unified social credit code (GB 32100-2015), 18 characters.
        names: its names, the registered one first; never empty.
        customs_code: customs registration code, if it has one.
        region: administrative division code.
    """

    type: ClassVar[str] = "exporter.registered"

    uscc: UsccText
    names: tuple[str, ...]
    customs_code: str | None
    region: str

    @property
    def stream(self) -> str:
        """Name the stream of this aggregate."""
        return exporter_stream(self.uscc)
