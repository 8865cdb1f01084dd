"""A block whose file is another one by the time it is read."""

from pathlib import Path
from uuid import UUID

import pytest

from application.bulk import BulkImporter
from application.importing import Provenance
from domain.envelope import Actor
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog
from interfaces.cli.formats.block_filing import BlockFiling
from interfaces.cli.formats.errors import FileUnreadable
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.formats.opening import open_filings
from interfaces.cli.formats.row_index import RowIndex

EXPORTERS = KINDS["exporters"]
KEYS = ("91999999MA20682835", "91999999MA7450422Y", "91999999MA37572919")


def _content(keys: str) -> str:
    return "uscc,name,region\n" + "".join(f"{KEYS[int(key)]},Firm,999999\n" for key in keys)


@pytest.mark.parametrize(("first", "second"), [("012", "0120"), ("012", "01"), ("012", "011"), ("010", "012")])
def test_a_file_that_changes_while_it_is_read_is_not_filed_on(tmp_path: Path, first: str, second: str) -> None:
    """Rows more or fewer, or of other keys: nothing is laid down of them."""
    log = InMemoryEventLog(SystemClock())
    provenance = Provenance(Actor("li.wei", "exporter", ""), "exporter", UUID(int=1))
    importer = BulkImporter(log, SystemClock(), UuidV7Ids(SystemClock()), provenance)
    path = tmp_path / "exporters.csv"
    path.write_text(_content(first), encoding="utf-8")
    file = open_filings(path, EXPORTERS)
    [block] = RowIndex.of(file, EXPORTERS, path.stat().st_size).blocks(100, 2**40)
    path.write_text(_content(second), encoding="utf-8")
    if len(second) > len(first):
        block.segments[0] = type(block.segments[0])(block.segments[0].start, path.stat().st_size, 2)
    with pytest.raises(FileUnreadable) as refused:
        BlockFiling(file, EXPORTERS, importer).prepare(block)
    assert refused.value.code == "file.changed"
    assert log.head() == 0
