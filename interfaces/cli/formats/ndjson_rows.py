"""Reading an NDJSON file: one JSON object a line, with the same names as the columns of CSV."""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interfaces.cli.formats.errors import Fault
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.rejects import RejectsFile
from interfaces.cli.formats.row import REJECT_COLUMNS, Key, Row, texts_at
from interfaces.cli.formats.source_file import unreadable

# Where a rejects file keeps a line that is no object of this kind.
_TEXT = "text"
# An escape may name half of a character, which no UTF-8 can hold.
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NdjsonFile:
    """A file that can be read.

    Attributes:
        path: where it is.
        header: every column of the kind; what a row leaves out is empty.
    """

    path: Path
    header: Sequence[str]

    def rows(self) -> Iterator[Row]:
        """Read the rows, skipping empty lines.

        Raises:
            FileUnreadable: ``file.not_found``, ``file.not_utf8``, ``file.unreadable``.
        """
        for _, row in self._scan():
            yield row

    def keys(self, names: Sequence[str]) -> Iterator[tuple[int, int, Key]]:
        """Give, for each row, the byte and the line at which it begins and its key (errors as ``rows``)."""
        key_texts = texts_at([self.header.index(name) for name in names])
        for offset, row in self._scan():
            yield offset, row.line, key_texts(row.texts) if row.fault is None else row.line

    def _scan(self) -> Iterator[tuple[int, Row]]:
        with unreadable(self.path), self.path.open("rb") as stream:
            offset = 0
            for line, data in enumerate(stream, start=1):
                text = data.removeprefix(BOM_UTF8 if line == 1 else b"").decode()
                if text.strip():
                    yield offset, self._row(line, text.strip())
                offset += len(data)

    def part(self, start: int, end: int, line: int) -> Iterator[Row]:
        """Read the rows between two bytes at which rows begin, the first of them on a line (errors as ``rows``)."""
        with unreadable(self.path), self.path.open("rb") as stream:
            stream.seek(start)
            text = stream.read(end - start).removeprefix(b"" if start else BOM_UTF8).decode()
        for number, each in enumerate(text.split("\n"), start=line):
            if each.strip():
                yield self._row(number, each.strip())

    def rejected(self, row: Row, fault: Fault) -> str:
        """Write a refused row as a rejects file has it."""
        told = {"line": row.line, "field": fault.field or "", "code": fault.code, "message": fault.message}
        own = zip(self.header, row.texts, strict=True) if row.complete else [(_TEXT, row.texts[0])]
        return json.dumps({**told, **{name: text for name, text in own if text}}, ensure_ascii=False) + "\n"

    def rejects(self) -> RejectsFile:
        """Begin an NDJSON file whose objects have four more names."""
        return RejectsFile(self.path, ".rejected.ndjson", "", self.rejected)

    def _row(self, line: int, text: str) -> Row:
        try:
            named = _object(text)
            _refuse_unknown(named, self.header)
            return Row(line, [_text(name, named.get(name)) for name in self.header])
        except _RowFault as error:
            return Row(line, [text], error.fault)


def open_ndjson(path: Path, kind: Kind) -> NdjsonFile:
    """Check that a file can be read.

    Raises:
        FileUnreadable: ``file.not_found``, ``file.not_utf8``, ``file.unreadable``.
    """
    file = NdjsonFile(path, [column.name for column in kind.columns])
    next(file.rows(), None)
    return file


class _RowFault(Exception):
    def __init__(self, field: str | None, code: str, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(field, code, message)


def _object(text: str) -> Mapping[str, Any]:
    # A number is kept as the digits that stand in the file: no float ever sees it.
    try:
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _RowFault(None, "row.not_json", "the line is not one JSON object") from error
    if not isinstance(found, dict):
        raise _RowFault(None, "row.not_json", "the line is not one JSON object")
    return found


def _refuse_unknown(named: Mapping[str, Any], header: Sequence[str]) -> None:
    for name in named:
        if name not in header and name not in REJECT_COLUMNS:
            raise _RowFault(name, "row.unknown_name", f"unknown name {name!r}; there are {', '.join(header)}")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for name, value in pairs:
        if _HALF.search(name) or (isinstance(value, str) and _HALF.search(value)):
            raise _RowFault(None, "row.not_json", "the line holds half of a character (a lone surrogate)")
        if name in named:
            raise _RowFault(name, "row.repeated_name", f"{name!r} occurs twice")
        named[name] = value
    return named


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    raise _RowFault(name, "field.not_text", f"{name} is neither a text nor a number")
