"""Reading a CSV file row by row: header checked, every row with the line on which it begins."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from interfaces.cli.formats.errors import Fault, FileUnreadable
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.rejects import RejectsFile
from interfaces.cli.formats.row import REJECT_COLUMNS, Row
from interfaces.cli.formats.source_file import unreadable

_MAX_FIELD_CHARACTERS = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file whose header has been checked.

    Attributes:
        path: where it is.
        header: its own columns, in its own order, without those that a rejects file adds.
        kept: places of these columns in the file's rows.
        width: how many fields a row has.
    """

    path: Path
    header: Sequence[str]
    kept: Sequence[int]
    width: int

    def rows(self) -> Iterator[Row]:
        """Read the rows, skipping lines with nothing on them.

        Raises:
            FileUnreadable: ``file.not_utf8``, ``file.unreadable``, ``file.not_csv``.
        """
        for line, texts in _records(self.path):
            if line == 1 or not texts:
                continue
            if len(texts) == self.width:
                yield Row(line, [texts[place] for place in self.kept])
            else:
                kept = [texts[place] for place in self.kept if place < len(texts)]
                message = f"the row has another number of fields than the header ({self.width})"
                yield Row(line, kept + list(texts[self.width :]), Fault(None, "row.field_count", message))

    def rejects(self) -> RejectsFile:
        """Begin a CSV file with the four columns before the file's own."""
        return RejectsFile(self.path, ".rejected.csv", _line([*REJECT_COLUMNS, *self.header]), _rejected)


def open_csv(path: Path, kind: Kind) -> CsvFile:
    """Check that a file can be read and that its header is one of this kind.

    Raises:
        FileUnreadable: ``file.not_found``, ``file.not_utf8``, ``file.unreadable``, ``file.not_csv``,
            ``file.no_header``, ``file.unknown_column``, ``file.missing_column``, ``file.repeated_column``.
    """
    header = next((texts for line, texts in _records(path) if line == 1), [])
    known = [column.name for column in kind.columns]
    if not any(name.strip() for name in header):
        raise FileUnreadable("file.no_header", f"{path}: the first line is no header; it is: {','.join(known)}")
    for name in header:
        if name not in known and name not in REJECT_COLUMNS:
            raise FileUnreadable(
                "file.unknown_column", f"{path}: unknown column {name!r}; {kind.name} has: {', '.join(known)}"
            )
        if header.count(name) > 1:
            raise FileUnreadable("file.repeated_column", f"{path}: column {name!r} occurs twice")
    for column in kind.columns:
        if column.required and column.name not in header:
            raise FileUnreadable("file.missing_column", f"{path}: column {column.name!r} is missing; add it")
    kept = [place for place, name in enumerate(header) if name in known]
    return CsvFile(path=path, header=[header[place] for place in kept], kept=kept, width=len(header))


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_MAX_FIELD_CHARACTERS)
    line = 1
    try:
        with unreadable(path), path.open(encoding="utf-8-sig", newline="") as stream:
            # Strict: an unclosed quote would swallow the rest of the file into one field.
            reader = csv.reader(stream, strict=True)
            for texts in reader:
                yield line, texts
                line = reader.line_num + 1
    except csv.Error as error:
        raise FileUnreadable(
            "file.not_csv", f"{path} is not CSV from line {line} on ({error}); close or double its quotes"
        ) from error


def _rejected(row: Row, fault: Fault) -> str:
    return _line([row.line, fault.field or "", fault.code, fault.message, *row.texts])


def _line(values: Sequence[object]) -> str:
    text = io.StringIO()
    # Before Python 3.13 only a break that is part of the line's ending is quoted, and a value may hold either.
    csv.writer(text, lineterminator="\r\n").writerow(values)
    return text.getvalue().removesuffix("\r\n") + "\n"
