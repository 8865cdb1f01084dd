"""What a kind of filing is: columns, a natural key, and the command that it asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.event import Frozen
from interfaces.cli.formats import fields

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind.

    Attributes:
        name: as in the header.
        read: text to value.
        example: a text that is right, for templates.
        required: may not be empty or left out.
        of_line: differs between the rows of one filing.
    """

    name: str
    read: Callable[[str], Any]
    example: str
    required: bool = True
    of_line: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of filing.

    Attributes:
        name: as on the command line and in file names.
        columns: in the documented order.
        key: the columns whose texts together are the natural key.
        command: the rows of one filing, read, to what they ask for.
    """

    name: str
    columns: Sequence[Column]
    key: Sequence[str]
    command: Callable[[Sequence[Values]], Frozen]


def required(name: str, read: Callable[[str], Any], example: str) -> Column:
    """Make a column that says something once for the filing."""
    return Column(name, read, example)


def optional(name: str, example: str, read: Callable[[str], Any] = fields.text) -> Column:
    """Make a column that may be left out."""
    return Column(name, read, example, required=False)


def of_line(name: str, read: Callable[[str], Any], example: str) -> Column:
    """Make a column that says something for each line of the filing."""
    return Column(name, read, example, of_line=True)


def optional_of_line(name: str, example: str, read: Callable[[str], Any] = fields.text) -> Column:
    """Make a column of each line that may be left out."""
    return Column(name, read, example, required=False, of_line=True)


def by_line(rows: Sequence[Values]) -> list[Values]:
    """Put rows into the order of their lines."""
    return sorted(rows, key=lambda row: int(row["line_no"]))
