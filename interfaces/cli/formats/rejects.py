"""The rejects file: every row of every refused filing, with what is wrong, ready to be mended and filed again."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from interfaces.cli.formats.errors import Fault
from interfaces.cli.formats.row import Row

GOOD_ROW = Fault(None, "filing.refused", "this row is right, but its filing was refused because of another")


class RejectsFile:
    """Written beside the file that it belongs to, complete or not at all.

    Rows are collected under another name and take the file's name when the import has ended; where nothing
    was refused, the rejects of an earlier run are removed. The rejects of ``a.csv.rejected.csv`` go to
    ``a.csv.rejected.csv.rejected.csv``, so that a file is never overwritten while it is read.

    Args:
        source: the file whose rows are refused.
        suffix: what its name is followed by.
        head: what the file begins with.
        encode: writes a row and its fault in the format of the source.
    """

    def __init__(self, source: Path, suffix: str, head: str, encode: Callable[[Row, Fault], str]) -> None:
        self._path = source.with_name(source.name + suffix)
        self._partial = source.with_name(f".{source.name}{suffix}.{os.getpid()}")
        self._head = head
        self._encode = encode
        self._rows = 0

    def __enter__(self) -> Self:
        self._stream = self._partial.open("w", encoding="utf-8", newline="")
        self._stream.write(self._head)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if kind is None and self._rows:
            self._partial.replace(self._path)
            return
        self._partial.unlink()
        if kind is None:
            self._path.unlink(missing_ok=True)

    @property
    def written(self) -> Path | None:
        """Give where the rejects are, None where there are none."""
        return self._path.absolute() if self._rows else None

    def write(self, rows: Sequence[Row], faults: dict[int, Fault]) -> None:
        """Write all rows of a refused filing; those without a fault of their own carry ``filing.refused``."""
        for place, row in enumerate(rows):
            self.write_text(self._encode(row, faults.get(place, GOOD_ROW)))

    def write_text(self, text: str) -> None:
        """Write what has been encoded already; an empty text is no row."""
        self._stream.write(text)
        self._rows += bool(text)
