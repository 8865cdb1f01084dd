"""Filing a file by blocks in this process, blocks being prepared ahead of their turn on purpose."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from application.bulk import BulkImporter
from interfaces.cli.formats.block_filing import BlockFiling, PreparedRows
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.opening import open_filings
from interfaces.cli.formats.row_index import RowIndex

_NO_BOUND = 2**40


def file_in_blocks(path: Path, kind: Kind, importers: Sequence[BulkImporter], rows: int) -> ImportSummary:
    """File blocks of about so many rows; each importer has prepared its block before any of them takes effect."""
    file = open_filings(path, kind)
    index = RowIndex.of(file, kind, path.stat().st_size)
    summary = ImportSummary(rows=index.rows)
    idle = deque(BlockFiling(file, kind, importer) for importer in importers)
    waiting: deque[tuple[BlockFiling, PreparedRows]] = deque()
    blocks = index.blocks(rows, _NO_BOUND)
    with file.rejects() as rejects:
        while True:
            while idle and (block := next(blocks, None)) is not None:
                waiting.append((idle[0], idle[0].prepare(block)))
                idle.popleft()
            if not waiting:
                break
            filing, prepared = waiting.popleft()
            result = filing.complete(prepared)
            idle.append(filing)
            summary.add(result.summary)
            for text in result.rejected:
                rejects.write_text(text)
        summary.rejected_file = rejects.written
    return summary
