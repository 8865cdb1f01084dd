"""What is refused of a file, a row or a field before any rule is judged."""

from dataclasses import dataclass


class FileUnreadable(Exception):
    """The file cannot be read at all; nothing of it is filed. ``file.unreadable`` and its kin.

    Attributes:
        code: stable dotted code.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row: the column to blame (None for the row as a whole), a code and a message."""

    field: str | None
    code: str
    message: str


class FieldError(Exception):
    """A field whose text cannot be read as what the column holds.

    Attributes:
        field: the column, where the one that is being read is not meant.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
