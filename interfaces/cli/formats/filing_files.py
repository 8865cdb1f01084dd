"""Filing one file: read, file in blocks, collect what is refused."""

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from application.filing import Filing, FilingOutcome, FilingRefused
from interfaces.cli.formats.counting import ImportSummary, blame, count, unreadable_rows
from interfaces.cli.formats.grouping import RowGroup, index_groups, read_groups
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.opening import open_filings

BLOCK = 256
# How many rows are done, of how many.
Progress = Callable[[int, int], None]


class FilingDesk(Protocol):
    """Who files, or judges as if: one outcome for each filing, in order."""

    def file(self, filings: Sequence[Filing]) -> Sequence[FilingOutcome]:
        """File a block."""
        ...


def file_rows(path: Path, kind: Kind, desk: FilingDesk, progress: Progress) -> ImportSummary:
    """File everything in a file; killed at any moment and run again it ends with the same events.

    Raises:
        FileUnreadable: nothing was filed; only with ``file.changed`` some of it may be.
        StoreUnavailable: ``store.unavailable``; run it again.
    """
    file = open_filings(path, kind)
    index = index_groups(file, kind)
    summary = ImportSummary(rows=index.rows)
    done = 0
    with file.rejects() as rejects:
        groups = read_groups(file, kind, index)
        while block := list(islice(groups, BLOCK)):
            for group, outcome in zip(block, _outcomes(block, desk), strict=True):
                count(summary, outcome)
                if isinstance(outcome, FilingRefused):
                    rejects.write(group.rows, group.faults or blame(group, outcome, file.header))
            done += sum(len(group.rows) for group in block)
            progress(done, index.rows)
        summary.rejected_file = rejects.written
    return summary


def _outcomes(block: Sequence[RowGroup], desk: FilingDesk) -> Sequence[FilingOutcome]:
    filed = iter(desk.file([group.filing for group in block if group.filing is not None]))
    return [unreadable_rows(group) if group.filing is None else next(filed) for group in block]
