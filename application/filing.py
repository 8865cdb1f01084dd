"""A filing: what one natural key states, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec import Struct

from domain.commands import command_id
from domain.event import Frozen


@dataclass(frozen=True, slots=True)
class Filing:
    """One command with its natural key and its content as filed.

    Attributes:
        kind: what is filed, such as ``sales``.
        key: natural key, as one text.
        content: what was filed, before anything was looked up; JSON values.
        command: what it asks for.
    """

    kind: str
    key: str
    content: Any
    command: Frozen

    def command_id(self, source: str) -> UUID:
        """Give the idempotency key: the same content from the same source is the same command."""
        return command_id(self.kind, source, self.key, self.content)


class FilingAccepted(Struct, frozen=True, gc=False):
    """The filing's events stand at these positions."""

    first_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class FilingAcceptable:
    """The filing would be accepted; nothing was recorded."""


@dataclass(frozen=True, slots=True)
class FilingKnown:
    """The filing was made before, or states what is in force anyway; nothing was added."""


@dataclass(frozen=True, slots=True)
class FilingRefused:
    """The filing broke a rule; nothing of it was recorded.

    Attributes:
        code: stable dotted code.
        message: for people.
        field: the column to blame, None for the filing as a whole.
        line_no: the filing's line to blame, None for the filing as a whole.
        text: what the column to blame says, where that tells the row.
    """

    code: str
    message: str
    field: str | None
    line_no: int | None
    text: str | None = None


FilingOutcome = FilingAccepted | FilingAcceptable | FilingKnown | FilingRefused
FilingOutcomes = Sequence[FilingOutcome]
