"""Reading a CSV file row by row: header checked, every row with the line on which it begins."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, count
from pathlib import Path
from typing import BinaryIO

from interfaces.cli.formats.errors import Fault, FileUnreadable
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.rejects import RejectsFile
from interfaces.cli.formats.row import REJECT_COLUMNS, Key, Row, texts_at
from interfaces.cli.formats.source_file import unreadable
from interfaces.cli.formats.unquoted import chunks, lengths, records_of

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
        for _, line, texts in _records(self.path):
            if line > 1 and texts:
                yield self._row(line, texts)

    def keys(self, names: Sequence[str]) -> Iterator[tuple[int, int, Key]]:
        """Give, for each row, the byte and the line at which it begins and its key (errors as ``rows``)."""
        places = [self.kept[self.header.index(name)] for name in names]
        key_texts, fields = texts_at(places), max(places) + 1
        line, behind = 1, 0
        with unreadable(self.path):
            for start, chunk in chunks(self.path):
                text = chunk.decode()
                records = records_of(text, _MAX_FIELD_CHARACTERS)
                if records is None:
                    break
                offsets = accumulate(lengths(records, text), initial=start)
                for number, record, offset in zip(count(line), records, offsets, strict=False):
                    if record and number > 1:
                        whole = record.count(",") + 1 == self.width
                        yield offset, number, key_texts(record.split(",", fields)) if whole else number
                line, behind = line + len(records) - 1, start + len(chunk)
        # From the first quote on a parser has to tell where a record ends.
        for start, number, texts in _records(self.path, behind, line):
            if number > 1 and texts:
                yield start, number, key_texts(texts) if len(texts) == self.width else number

    def part(self, start: int, end: int, line: int) -> Iterator[Row]:
        """Read the rows between two bytes at which rows begin, the first of them on a line (errors as ``rows``)."""
        with _parsed(self.path, lambda: line), self.path.open("rb") as stream:
            stream.seek(start)
            text = stream.read(end - start).decode()
            records = records_of(text, _MAX_FIELD_CHARACTERS)
            if records is not None:
                yield from self._split(records, line)
                return
            reader = csv.reader(io.StringIO(text, newline=""), strict=True)
            first = line
            for texts in reader:
                if texts:
                    yield self._row(line, texts)
                line = first + reader.line_num

    def _split(self, records: Sequence[str], line: int) -> Iterator[Row]:
        whole = self.width if self.width == len(self.kept) else -1
        for number, record in enumerate(records, line):
            if record:
                texts = record.split(",")
                yield Row(number, texts) if len(texts) == whole else self._row(number, texts)

    def rejected(self, row: Row, fault: Fault) -> str:
        """Write a refused row as a rejects file has it."""
        return _line([row.line, fault.field or "", fault.code, fault.message, *row.texts])

    def _row(self, line: int, texts: list[str]) -> Row:
        if len(texts) == self.width:
            return Row(line, texts if self.width == len(self.kept) else [texts[place] for place in self.kept])
        kept = [texts[place] for place in self.kept if place < len(texts)]
        message = f"the row has another number of fields than the header ({self.width})"
        return Row(line, kept + list(texts[self.width :]), Fault(None, "row.field_count", message))

    def rejects(self) -> RejectsFile:
        """Begin a CSV file with the four columns before the file's own."""
        return RejectsFile(self.path, ".rejected.csv", _line([*REJECT_COLUMNS, *self.header]), self.rejected)


def open_csv(path: Path, kind: Kind) -> CsvFile:
    """Check that a file can be read and that its header is one of this kind.

    Raises:
        FileUnreadable: ``file.not_found``, ``file.not_utf8``, ``file.unreadable``, ``file.not_csv``,
            ``file.no_header``, ``file.unknown_column``, ``file.missing_column``, ``file.repeated_column``.
    """
    header = next((texts for _, line, texts in _records(path) if line == 1), [])
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


def _records(path: Path, start: int = 0, first: int = 1) -> Iterator[tuple[int, int, list[str]]]:
    """Give each record from a byte and its line on, with the byte and the line at which it begins."""
    line = first
    with _parsed(path, lambda: line), path.open("rb") as stream:
        counted = _CountedLines(stream, start)
        # Strict: an unclosed quote would swallow the rest of the file into one field.
        reader = csv.reader(counted, strict=True)
        offset = counted.offset
        for texts in reader:
            yield offset, line, texts
            offset, line = counted.offset, first + reader.line_num


class _CountedLines:
    """The lines of a file as text, and how many bytes have been given."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self.offset = start or (len(BOM_UTF8) if stream.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
        stream.seek(self.offset)
        # Line ends stay as they are: inside quotes they belong to the field.
        self._lines = io.TextIOWrapper(stream, encoding="utf-8", newline="")

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.offset += len(line) if line.isascii() else len(line.encode())
            yield line


@contextmanager
def _parsed(path: Path, line: Callable[[], int]) -> Iterator[None]:
    csv.field_size_limit(_MAX_FIELD_CHARACTERS)
    try:
        with unreadable(path):
            yield
    except csv.Error as error:
        raise FileUnreadable(
            "file.not_csv", f"{path} is not CSV from line {line()} on ({error}); close or double its quotes"
        ) from error


def _line(values: Sequence[object]) -> str:
    text = io.StringIO()
    # Before Python 3.13 only a break that is part of the line's ending is quoted, and a value may hold either.
    csv.writer(text, lineterminator="\r\n").writerow(values)
    return text.getvalue().removesuffix("\r\n") + "\n"
