"""A file of filings, whatever its format: rows under one set of columns, and where refused ones go."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from interfaces.cli.formats.errors import Fault, FileUnreadable
from interfaces.cli.formats.rejects import RejectsFile
from interfaces.cli.formats.row import Key, Row


class SourceFile(Protocol):
    """A file that can be read and whose columns have been checked."""

    @property
    def header(self) -> Sequence[str]:
        """Name the columns, in the order of every row's texts."""
        ...

    def rows(self) -> Iterator[Row]:
        """Read the rows, from the beginning each time.

        Raises:
            FileUnreadable: ``file.not_utf8``, ``file.unreadable``, ``file.not_csv``.
        """
        ...

    def keys(self, names: Sequence[str]) -> Iterator[tuple[int, int, Key]]:
        """Give, for each row, the byte and the line at which it begins and its key (errors as ``rows``)."""
        ...

    def part(self, start: int, end: int, line: int) -> Iterator[Row]:
        """Read the rows between two bytes at which rows begin, the first of them on a line (errors as ``rows``)."""
        ...

    def rejected(self, row: Row, fault: Fault) -> str:
        """Write a refused row as a rejects file has it."""
        ...

    def rejects(self) -> RejectsFile:
        """Begin a rejects file in the same format, beside this one."""
        ...


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Say what keeps a file from being read: ``file.not_utf8``, ``file.not_found``, ``file.unreadable``."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise FileUnreadable("file.not_utf8", f"{path} is not UTF-8; save it as CSV UTF-8") from error
    except FileNotFoundError as error:
        raise FileUnreadable("file.not_found", f"{path}: there is no such file") from error
    except OSError as error:
        raise FileUnreadable("file.unreadable", f"{path} cannot be read: {error.strerror}") from error
