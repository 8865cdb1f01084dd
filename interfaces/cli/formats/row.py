"""One row of a file, whatever its format."""

from collections.abc import Sequence
from typing import NamedTuple

from interfaces.cli.formats.errors import Fault

# The texts of a row's key columns behind a word that they are; or a row that is not whole, by its line.
Key = tuple[str, ...]
# What a rejects file adds before a row's own columns.
REJECT_COLUMNS = ("line", "field", "code", "message")


class Row(NamedTuple):
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


def key_by_line(line: int) -> Key:
    """Give the key of a row that is not whole: it stands alone."""
    return ("", str(line))
