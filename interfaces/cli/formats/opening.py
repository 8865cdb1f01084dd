"""Which format a file is in, told by its name."""

from pathlib import Path

from interfaces.cli.formats.csv_rows import open_csv
from interfaces.cli.formats.errors import FileUnreadable
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.ndjson_rows import open_ndjson
from interfaces.cli.formats.source_file import SourceFile, unreadable

# In the order in which a folder's files of one kind are taken.
SUFFIXES = (".csv", ".ndjson")
_NDJSON = {".ndjson", ".jsonl"}


def open_filings(path: Path, kind: Kind) -> SourceFile:
    """Open a file of filings: NDJSON by its name (``.ndjson``, ``.jsonl``), else CSV.

    Raises:
        FileUnreadable: nothing can be filed.
    """
    with unreadable(path):
        stands_still = path.is_file() or path.is_dir() or not path.exists()
    if not stands_still:
        raise FileUnreadable("file.unreadable", f"{path} can be read only once; save what it gives as a file")
    return open_ndjson(path, kind) if path.suffix.lower() in _NDJSON else open_csv(path, kind)
