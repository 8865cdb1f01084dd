"""Filing one file: read, file in blocks, collect what is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from application.filing import Filing, FilingAcceptable, FilingAccepted, FilingKnown, FilingOutcome, FilingRefused
from interfaces.cli.formats.errors import Fault
from interfaces.cli.formats.grouping import RowGroup, index_groups, read_groups
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.opening import open_filings

BLOCK = 256
# How many rows are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ImportSummary:
    """What became of a file; ``accepted``, ``refused`` and ``already_filed`` count filings.

    Attributes:
        position: the last position of a filing accepted by this run, 0 if none was.
        rejected_file: where the refused rows are, None if there are none.
    """

    rows: int = 0
    accepted: int = 0
    refused: int = 0
    already_filed: int = 0
    position: int = 0
    rejected_file: Path | None = None


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
                _count(summary, outcome)
                if isinstance(outcome, FilingRefused):
                    rejects.write(group.rows, group.faults or _blame(group, outcome, file.header))
            done += sum(len(group.rows) for group in block)
            progress(done, index.rows)
        summary.rejected_file = rejects.written
    return summary


def _outcomes(block: Sequence[RowGroup], desk: FilingDesk) -> Sequence[FilingOutcome]:
    filed = iter(desk.file([group.filing for group in block if group.filing is not None]))
    return [_unreadable(group) if group.filing is None else next(filed) for group in block]


def _unreadable(group: RowGroup) -> FilingRefused:
    fault = group.faults[min(group.faults)]
    return FilingRefused(fault.code, fault.message, fault.field, None)


def _count(summary: ImportSummary, outcome: FilingOutcome) -> None:
    match outcome:
        case FilingAccepted():
            summary.accepted += 1
            summary.position = max(summary.position, outcome.last_position)
        case FilingAcceptable():
            summary.accepted += 1
        case FilingKnown():
            summary.already_filed += 1
        case FilingRefused():
            summary.refused += 1


def _blame(group: RowGroup, refused: FilingRefused, header: Sequence[str]) -> dict[int, Fault]:
    """Find the row that a rule was broken in: the line it names, the text it names, else the filing's first row."""
    fault = Fault(refused.field, refused.code, refused.message)
    line_no = None if refused.line_no is None else str(refused.line_no)
    for name, text in (("line_no", line_no), (refused.field, refused.text)):
        if text is None or name not in header:
            continue
        column = header.index(name)
        for place, row in enumerate(group.rows):
            if row.texts[column] == text:
                return {place: fault}
    return {0: fault}
