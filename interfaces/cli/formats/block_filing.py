"""Filing the rows of a block, in two steps: read and prepare, then complete and say what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from application.block_building import Draft, Prepared
from application.bulk import BulkImporter
from application.filing import FilingOutcome, FilingRefused
from application.plain_sales import PlainSale
from interfaces.cli.formats.counting import ImportSummary, blame, count, unreadable_rows
from interfaces.cli.formats.errors import Fault, FileUnreadable
from interfaces.cli.formats.grouping import CHANGED, RowGroup, group_of, keys_of
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.plain_sales import plain_sales
from interfaces.cli.formats.rejects import GOOD_ROW
from interfaces.cli.formats.row import Key, Row
from interfaces.cli.formats.row_index import RowBlock
from interfaces.cli.formats.source_file import SourceFile


@dataclass(slots=True)
class BlockResult:
    """What became of a block: counts, and the refused rows as a rejects file has them."""

    summary: ImportSummary = field(default_factory=ImportSummary)
    rejected: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """A block that is prepared, and the rows that it came from."""

    rows: int
    groups: Sequence["RowGroup | tuple[Sequence[Row], PlainSale]"]
    prepared: Prepared


class BlockFiling:
    """Files the blocks of one file.

    Args:
        file: where the rows are.
        kind: what they are.
        importer: where they are filed.
    """

    def __init__(self, file: SourceFile, kind: Kind, importer: BulkImporter) -> None:
        self._file = file
        self._kind = kind
        self._importer = importer
        self._key_of = keys_of(file.header, kind)
        self._plain = plain_sales(file.header, kind)

    def prepare(self, block: RowBlock) -> PreparedRows:
        """Read a block and decide it on what is known now (errors as ``BulkImporter.prepare``).

        Raises:
            FileUnreadable: ``file.changed``, where the file is not what it was when the block was made.
        """
        by_key: dict[Key, list[Row]] = {}
        for segment in block.segments:
            for row in self._file.part(segment.start, segment.end, segment.line):
                by_key.setdefault(self._key_of(row), []).append(row)
        if len(by_key) != block.keys or sum(map(len, by_key.values())) != block.rows:
            raise FileUnreadable("file.changed", CHANGED)
        groups = [self._read(rows, key) for key, rows in by_key.items()]
        drafts: list[Draft] = []
        for group in groups:
            draft = group.filing if isinstance(group, RowGroup) else group[1]
            if draft is not None:
                drafts.append(draft)
        return PreparedRows(block.rows, groups, self._importer.prepare(drafts))

    def complete(self, rows: PreparedRows) -> BlockResult:
        """Let a block take effect (errors as ``BulkImporter.complete``)."""
        result = BlockResult(ImportSummary(rows=rows.rows))
        outcomes = iter(self._importer.complete(rows.prepared))
        for group in rows.groups:
            if isinstance(group, RowGroup):
                outcome = unreadable_rows(group) if group.filing is None else next(outcomes)
                self._take(result, outcome, group)
            else:
                outcome = next(outcomes)
                # The group is only needed where a row is to blame.
                refused = isinstance(outcome, FilingRefused)
                self._take(result, outcome, RowGroup(group[0], None, {}) if refused else None)
        return result

    def _read(self, rows: Sequence[Row], key: Key) -> "RowGroup | tuple[Sequence[Row], PlainSale]":
        sale = self._plain.read(rows) if self._plain is not None else None
        return group_of(rows, key, self._file.header, self._kind) if sale is None else (rows, sale)

    def _take(self, result: BlockResult, outcome: FilingOutcome, group: RowGroup | None) -> None:
        count(result.summary, outcome)
        if isinstance(outcome, FilingRefused) and group is not None:
            faults: dict[int, Fault] = group.faults or blame(group, outcome, self._file.header)
            result.rejected.extend(
                self._file.rejected(row, faults.get(place, GOOD_ROW)) for place, row in enumerate(group.rows)
            )
