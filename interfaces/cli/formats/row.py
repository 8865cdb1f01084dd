"""One row of a file, whatever its format."""

from collections.abc import Callable, Sequence
from operator import itemgetter

from msgspec import Struct

from interfaces.cli.formats.errors import Fault

# The texts of a row's key columns; or the line of a row that is not whole, which stands alone.
Key = tuple[str, ...] | int
# What a rejects file adds before a row's own columns.
REJECT_COLUMNS = ("line", "field", "code", "message")


class Row(Struct, frozen=True, gc=False):
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


def texts_at(places: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Give what takes the texts at these places, one or more, out of a row's."""
    if len(places) > 1:
        return itemgetter(*places)
    [place] = places
    return lambda texts: (texts[place],)
