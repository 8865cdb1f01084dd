"""What people and programs read: tables, one JSON object, and notes on standard error."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

# What moves the cursor, breaks a line, hides or reorders text on a terminal: C0, DEL and C1 controls, bidi
# marks, embeddings and isolates, line and paragraph separators, invisible operators, the byte order mark,
# surrogates, tags. The joiners U+200C and U+200D stay: Persian and Indic names need them.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BMP_END = 0xFFFF
# Of a table on a terminal: what a column of words needs at least, and what surrounds a column.
_FEWEST_OF_WORDS = 8
_FRAME = 3


def harmless(text: str) -> str:
    """Write control and bidirectional characters as escapes; everything else stays as it is."""
    return _HARMFUL.sub(lambda found: _escape(found[0]), text)


def harmless_json(text: str) -> str:
    """Write the same characters of a JSON text as JSON escapes, so that it means the same."""
    return _HARMFUL.sub(lambda found: _json_escape(found[0]), text)


def print_json(answer: Mapping[str, Any]) -> None:
    """Write one JSON object on one line to standard output; what it means is never changed by escaping."""
    text = json.dumps(answer, ensure_ascii=False, separators=(", ", ": "), default=str)
    sys.stdout.write(harmless_json(text) + "\n")
    sys.stdout.flush()


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[str] = (), title: str | None = None
) -> None:
    """Write a table to standard output: fit to a terminal, aligned and never cut when piped.

    Args:
        columns: headings.
        rows: as many values each; None is shown as nothing.
        right: headings of columns that align to the right.
        title: a line above.
    """
    cells = [["" if value is None else harmless(str(value)) for value in row] for row in rows]
    if sys.stdout.isatty():
        _print_rich(columns, cells, set(right), title)
    else:
        _print_plain(columns, cells, set(right), title)
    sys.stdout.flush()


def print_line(text: str) -> None:
    """Write one line to standard output."""
    sys.stdout.write(harmless(text) + "\n")
    sys.stdout.flush()


def counted(number: int, one: str, more: str | None = None) -> str:
    """Write how many there are: ``1 row``, ``2 rows``; a plural that is not made with an s is given."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def note(text: str) -> None:
    """Write one line to standard error: what is said beside an answer."""
    sys.stderr.write(harmless(text) + "\n")
    sys.stderr.flush()


def note_incomplete(streams: Sequence[str]) -> None:
    """Say which parked streams an answer lacks, if any."""
    if streams:
        note(f"incomplete: events of {', '.join(streams)} are parked (see: lodestone parked list)")


def _print_rich(columns: Sequence[str], cells: list[list[str]], right: set[str], title: str | None) -> None:
    console = Console(file=sys.stdout)
    if not _fits(columns, cells, right, console.width):
        _print_records(columns, cells, title)
        return
    table = Table(title=Text(title) if title else None, title_justify="left")
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in right else "left"
        table.add_column(Text(column), justify=justify, overflow="fold", no_wrap=column in right)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _fits(columns: Sequence[str], cells: list[list[str]], right: set[str], width: int) -> bool:
    """Tell whether every number stays in one piece (two would read as two numbers) and words in about four."""
    widths = zip(columns, _widths(columns, cells), strict=True)
    needed = [own if column in right else min(own, max(own // 4, _FEWEST_OF_WORDS)) for column, own in widths]
    return sum(needed) + _FRAME * len(needed) + 1 <= width


def _print_records(columns: Sequence[str], cells: list[list[str]], title: str | None) -> None:
    """Write a line for each value, where a table would be too narrow to be read."""
    heading = max(map(cell_len, columns))
    named = [
        [f"{column:<{heading}}  {cell}".rstrip() for column, cell in zip(columns, row, strict=True)] for row in cells
    ]
    blocks = ([title] if title else []) + ["\n".join(lines) for lines in named]
    sys.stdout.write("\n\n".join(blocks) + "\n" if blocks else "")


def _print_plain(columns: Sequence[str], cells: list[list[str]], right: set[str], title: str | None) -> None:
    widths = _widths(columns, cells)
    lines = [title] if title else []
    for row in ([list(columns)] if columns else []) + cells:
        padded = (
            " " * (width - cell_len(cell)) + cell if column in right else cell + " " * (width - cell_len(cell))
            for cell, column, width in zip(row, columns, widths, strict=True)
        )
        lines.append("  ".join(padded).rstrip())
    sys.stdout.write("".join(line + "\n" for line in lines))


def _widths(columns: Sequence[str], cells: list[list[str]]) -> list[int]:
    return [max([cell_len(column), *(cell_len(row[at]) for row in cells)]) for at, column in enumerate(columns)]


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) <= _BMP_END else f"\\U{ord(character):08x}"


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
