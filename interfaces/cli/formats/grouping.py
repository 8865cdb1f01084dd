"""From rows to filings: all rows of one key are one filing, wherever they stand in the file."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from application.encoding import content_of
from application.filing import Filing
from domain.errors import DomainError
from interfaces.cli.formats import fields
from interfaces.cli.formats.errors import Fault, FieldError, FileUnreadable
from interfaces.cli.formats.kind import Column, Kind
from interfaces.cli.formats.row import Key, Row, texts_at
from interfaces.cli.formats.source_file import SourceFile

CHANGED = "the file was changed while it was read; what was filed stands, so file it again"


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows of one filing, in the order of the file.

    Attributes:
        rows: at least one.
        filing: what they ask for, None where a row cannot be read.
        faults: place in ``rows`` -> what is wrong with that row.
    """

    rows: Sequence[Row]
    filing: Filing | None
    faults: dict[int, Fault]


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """How many rows each key has; rows that are not whole stand alone, under their line."""

    sizes: Counter[Key]
    rows: int


def index_groups(file: SourceFile, kind: Kind) -> GroupIndex:
    """Read the file once, to know when a filing is complete and that every byte of it can be read."""
    key_of = keys_of(file.header, kind)
    sizes: Counter[Key] = Counter()
    count = 0
    for row in file.rows():
        sizes[key_of(row)] += 1
        count += 1
    return GroupIndex(sizes=sizes, rows=count)


def read_groups(file: SourceFile, kind: Kind, index: GroupIndex) -> Iterator[RowGroup]:
    """Read the file again and give its filings in the order of their first rows.

    Holds only rows of filings that are not complete yet, and of complete ones behind those. Uses the index up.

    Raises:
        FileUnreadable: ``file.changed``, where the file is not what it was when the index was made.
    """
    key_of = keys_of(file.header, kind)
    # A plain dict looks for its first key behind all that were taken out before it.
    waiting: OrderedDict[Key, list[Row]] = OrderedDict()
    for row in file.rows():
        key = key_of(row)
        waiting.setdefault(key, []).append(row)
        if len(waiting[key]) > index.sizes[key]:
            raise FileUnreadable("file.changed", CHANGED)
        while waiting:
            first = next(iter(waiting))
            if len(waiting[first]) < index.sizes[first]:
                break
            del index.sizes[first]
            yield group_of(waiting.pop(first), first, file.header, kind)
    if waiting:
        raise FileUnreadable("file.changed", CHANGED)


def keys_of(header: Sequence[str], kind: Kind) -> Callable[[Row], Key]:
    """Give what finds a row's key: the texts of its key columns; a row that is not whole is known by its line."""
    key_texts = texts_at([header.index(name) for name in kind.key])

    def key_of(row: Row) -> Key:
        return key_texts(row.texts) if row.fault is None else row.line

    return key_of


def group_of(rows: Sequence[Row], key: Key, header: Sequence[str], kind: Kind) -> RowGroup:
    """Read the rows of one key as a filing, or say what is wrong with them."""
    faults: dict[int, Fault] = {}
    values: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        try:
            values.append(_values(row, header, kind))
        except _RowError as error:
            faults[place] = error.fault
    if not faults:
        faults = _disagreements(values, kind)
    if faults or isinstance(key, int):
        return RowGroup(rows, None, faults)
    try:
        command = kind.command(values)
    except FieldError as error:
        return RowGroup(rows, None, {0: Fault(error.field, error.code, error.message)})
    return RowGroup(rows, Filing(kind.name, "/".join(key), content_of(command), command), {})


class _RowError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def _values(row: Row, header: Sequence[str], kind: Kind) -> dict[str, Any]:
    if row.fault is not None:
        raise _RowError(row.fault)
    texts = dict(zip(header, row.texts, strict=True))
    return {column.name: _value(column, texts.get(column.name, "")) for column in kind.columns}


def _value(column: Column, text: str) -> Any:
    try:
        fields.check_characters(text)
        if text:
            return column.read(text)
    except (FieldError, DomainError) as error:
        raise _RowError(Fault(column.name, error.code, error.message)) from error
    if column.required:
        raise _RowError(Fault(column.name, "field.required", f"{column.name} is empty"))
    return None


def _disagreements(values: Sequence[dict[str, Any]], kind: Kind) -> dict[int, Fault]:
    shared = [column.name for column in kind.columns if not column.of_line]
    lines: set[int] = set()
    for place, row in enumerate(values):
        for name in shared:
            if row[name] != values[0][name]:
                return {place: Fault(name, "filing.rows_disagree", f"{name} differs from the filing's first row")}
        number = row.get("line_no")
        if number is not None and number in lines:
            return {place: Fault("line_no", "line.repeated", f"line {number} occurs twice in this filing")}
        lines.add(number or 0)
    return {}
