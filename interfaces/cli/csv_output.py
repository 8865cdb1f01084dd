"""Answers as CSV (RFC 4180): a header, CRLF, UTF-8, the columns of the JSON rows, nothing else."""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from interfaces.cli.errors import WrongUsage
from interfaces.cli.rendering import harmless


def refuse_both(*, as_csv: bool, as_json: bool) -> None:
    """Refuse two forms at once.

    Raises:
        WrongUsage: ``usage.wrong``.
    """
    if as_csv and as_json:
        raise WrongUsage("--csv and --json exclude each other")


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows to standard output; lists are joined by semicolons, None is empty.

    Values are data for programs and stay as they are: a cell that begins with ``=`` is not changed, so import
    it into a spreadsheet as text. On a terminal control and bidirectional characters become escapes.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    written = text.getvalue()
    if sys.stdout.isatty():
        written = "".join(harmless(line) + "\r\n" for line in written.split("\r\n")[:-1])
    sys.stdout.flush()
    sys.stdout.buffer.write(written.encode())
    sys.stdout.buffer.flush()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ";".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)
