"""What the domain refuses, each with a code that never changes."""

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a stable dotted code.

    Attributes:
        code: permanent, dotted, lower case; programs match on it.
        field: the filing's column or field that is to blame, or None.
        line_no: the line of the filing that is to blame, or None for the whole filing.
        text: what that field says, where it tells the row that a filing without the line's number is broken in.
    """

    code: ClassVar[str] = "domain.error"

    def __init__(
        self, message: str, *, field: str | None = None, line_no: int | None = None, text: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.line_no = line_no
        self.text = text
