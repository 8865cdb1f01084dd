"""What is refused of an exporter."""

from typing import ClassVar

from domain.errors import DomainError


class ExporterUnknown(DomainError):
    """The exporter has not been registered."""

    code: ClassVar[str] = "exporter.unknown"


class ExporterFiledDifferently(DomainError):
    """The exporter is known with other content."""

    code: ClassVar[str] = "exporter.already_filed_differently"


class ExporterIsSuspended(DomainError):
    """Nothing may be filed for a suspended exporter."""

    code: ClassVar[str] = "exporter.suspended"
