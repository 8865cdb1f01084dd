"""What is refused of a client."""

from typing import ClassVar

from domain.errors import DomainError


class ClientUnknown(DomainError):
    """The exporter has not listed this client."""

    code: ClassVar[str] = "client.unknown"


class ClientFiledDifferently(DomainError):
    """The client is known with other content."""

    code: ClassVar[str] = "client.already_filed_differently"


class ClientIsSuspended(DomainError):
    """Nothing may be filed for trade with a suspended client."""

    code: ClassVar[str] = "client.suspended"
