"""Counting what becomes of filings, and finding the row that is to blame."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from application.filing import FilingAcceptable, FilingAccepted, FilingKnown, FilingOutcome, FilingRefused
from interfaces.cli.formats.errors import Fault
from interfaces.cli.formats.grouping import RowGroup


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

    def add(self, other: "ImportSummary") -> None:
        """Add what became of more of the same file, but for its rows."""
        self.accepted += other.accepted
        self.refused += other.refused
        self.already_filed += other.already_filed
        self.position = max(self.position, other.position)


def unreadable_rows(group: RowGroup) -> FilingRefused:
    """Refuse a filing of which a row cannot be read."""
    fault = group.faults[min(group.faults)]
    return FilingRefused(fault.code, fault.message, fault.field, None)


def count(summary: ImportSummary, outcome: FilingOutcome) -> None:
    """Count what became of a filing."""
    if isinstance(outcome, FilingAccepted):
        summary.accepted += 1
        summary.position = max(summary.position, outcome.last_position)
    elif isinstance(outcome, FilingAcceptable):
        summary.accepted += 1
    elif isinstance(outcome, FilingKnown):
        summary.already_filed += 1
    else:
        summary.refused += 1


def blame(group: RowGroup, refused: FilingRefused, header: Sequence[str]) -> dict[int, Fault]:
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
