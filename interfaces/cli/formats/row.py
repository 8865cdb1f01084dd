"""One row of a file, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.cli.formats.errors import Fault

# What a rejects file adds before a row's own columns.
REJECT_COLUMNS = ("line", "field", "code", "message")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file.

    Attributes:
        line: where it begins; the first line of the file is 1.
        texts: its values under the file's header, without the columns that a rejects file adds.
        fault: what is wrong with the row as a whole; then ``texts`` fit no header.
    """

    line: int
    texts: Sequence[str]
    fault: Fault | None = None

    @property
    def complete(self) -> bool:
        """Tell whether every value stands under its column."""
        return self.fault is None
