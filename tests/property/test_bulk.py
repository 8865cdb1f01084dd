"""Filing by blocks answers as filing one by one does, row for row, however blocks overtake each other."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
import pytest

from application.bulk import BulkImporter
from application.filing import Filing, FilingOutcome
from application.importing import Importer, Provenance
from domain.envelope import Actor
from domain.judging import CUSTOMS, EXPORTER, Source
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.filing_files import file_rows
from interfaces.cli.formats.kinds import KINDS
from interfaces.generator import mistakes
from interfaces.generator.files import write
from interfaces.generator.rows import generated
from tests.support.block_import import file_in_blocks
from tests.support.random_trade import EXPORTER as EXPORTER_USCC
from tests.support.random_trade import Row, Step, opening, random_steps

WORLDS, BATCHES = 320, 8
SPOILT = (
    "",
    "x",
    "1e3",
    " C1",
    "0",
    "-1",
    "999999999.9999999",
    "2025-02-30",
    "A\nB",
    "Nd=1;Nd=2",
    "2999-01-01",
    "é\u0301",
)


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


class Office:
    """Two logs: into the one filings go one by one, into the other by blocks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.single, self.blocks = InMemoryEventLog(Noon()), InMemoryEventLog(Noon())
        self.kinds: Counter[str] = Counter()
        ids = UuidV7Ids(SystemClock())
        self._single = {source: Importer(self.single, Noon(), ids, _who(source)) for source in (EXPORTER, CUSTOMS)}
        self._bulk = {
            source: [BulkImporter(self.blocks, Noon(), ids, _who(source)) for _ in range(3)]
            for source in (EXPORTER, CUSTOMS)
        }

    def file(self, kind: str, rows: Sequence[Row], source: Source, block: int) -> None:
        """File the same rows both ways, and compare what is said and what is recorded."""
        header = [column.name for column in KINDS[kind].columns]
        text = io.StringIO()
        csv.writer(text).writerows([header, *([row.get(name, "") for name in header] for row in rows)])
        self.file_text(kind, text.getvalue(), source, block)

    def file_text(self, kind: str, text: str, source: Source, block: int) -> None:
        """File a text both ways; see ``file``."""
        path = self.folder / f"{kind}.csv"
        path.write_text(text, encoding="utf-8", newline="")
        one = file_rows(path, KINDS[kind], _OneByOne(self._single[source]), lambda _done, _rows: None)
        said = _said(one)
        many = file_in_blocks(path, KINDS[kind], self._bulk[source], block)
        assert _said(many) == said
        assert _facts(self.blocks) == _facts(self.single)
        self.kinds[kind] += one.accepted
        self.kinds["refused"] += one.refused


class _OneByOne:
    def __init__(self, importer: Importer) -> None:
        self._importer = importer

    def file(self, filings: Sequence[Filing]) -> Sequence[FilingOutcome]:
        return [self._importer.file([each])[0] for each in filings]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_files_are_answered_the_same(batch: int, tmp_path: Path) -> None:
    """Of every kind, from exporters and customs, rows mixed and spoilt, blocks of a few rows, three at a time."""
    accepted: Counter[str] = Counter()
    for seed in range(batch, WORLDS, BATCHES):
        random = Random(seed)  # noqa: S311 - reproducible
        office = Office(tmp_path)
        for kind, rows in _files(random):
            source = CUSTOMS if random.random() < 0.3 else EXPORTER
            office.file(kind, rows, source, random.choice((1, 2, 3, 5, 50)))
        accepted += office.kinds
    assert set(accepted) == {*KINDS, "refused"}, "every kind was accepted now and then"


def test_real_looking_files_with_planted_mistakes_are_answered_the_same(tmp_path: Path) -> None:
    """And filed again they are known; the fast lane of sales takes most of them."""
    filings = generated(150, 7)
    write(tmp_path / "made", filings, mistakes.plant(filings, 7))
    office = Office(tmp_path)
    for _ in range(2):
        for kind in KINDS:
            office.file_text(kind, (tmp_path / "made" / f"{kind}.csv").read_text(encoding="utf-8"), EXPORTER, 40)
    assert office.kinds["sales"] >= 130
    assert office.kinds["refused"] > 20


def test_a_sale_is_judged_by_the_composition_of_its_day(tmp_path: Path) -> None:
    """Of three, and none before the first, whatever the order of days; also after one more was stated."""
    office = Office(tmp_path)
    for step in opening():
        office.file(step.kind, step.rows, EXPORTER, 9)
    days = ("2020-12-31", "2021-01-01", "2025-03-09", "2025-03-10", "2025-03-11", "2025-05-31", "2025-06-01")
    for turn, revised_on in enumerate(("2025-03-10", "2025-03-11", "2025-06-01")):
        grade = {"grade": "G", "family": "NdFeB", "composition": f"Nd={turn + 1}", "effective_from": revised_on}
        office.file("grades", [grade], EXPORTER, 9)
        signed = Random(turn).choices(days, k=40)  # noqa: S311 - reproducible
        office.file("sales", [_sale(f"S{turn}-{number}", day) for number, day in enumerate(signed)], EXPORTER, 7)
    sold = [msgspec.json.decode(event.data) for event in office.blocks.read(0, 1000) if event.type == "sale.recorded"]
    assert {line["ppm"]["Nd"] for sale in sold for line in sale["lines"]} == {270000, 1, 2, 3}
    assert office.kinds["refused"] > 0


def _sale(contract_no: str, signed_on: str) -> dict[str, str]:
    line = {"line_no": "1", "grade": "G", "net_kg": "1", "hs_code": "850511"}
    who = {"exporter_uscc": EXPORTER_USCC, "client_ref": "C1"}
    return {**who, "contract_no": contract_no, "signed_on": signed_on, **line}


def _files(random: Random) -> list[tuple[str, list[dict[str, str]]]]:
    """The opening, then files of one kind each: several filings of the same small world, now and then spoilt."""
    files = [(step.kind, [dict(row) for row in step.rows]) for step in opening()]
    by_kind: dict[str, list[Step]] = {}
    for _ in range(4):
        for step in random_steps(random):
            by_kind.setdefault(step.kind, []).append(step)
    steps = [(kind, by_kind[kind][:count]) for count in (6, 14) for kind in KINDS if kind in by_kind]
    for kind, some in steps:
        rows = [dict(row) for step in some for row in step.rows]
        if random.random() < 0.5:
            random.shuffle(rows)
        for row in rows:
            if random.random() < 0.05:
                row[random.choice(list(row))] = random.choice(SPOILT)
        files.append((kind, rows))
    return files


def _who(source: Source) -> Provenance:
    return Provenance(Actor("li.wei", source, ""), source, UUID(int=1))


def _said(summary: ImportSummary) -> tuple[int, int, int, int, str]:
    rejects = summary.rejected_file
    text = "" if rejects is None else rejects.read_text(encoding="utf-8")
    return summary.rows, summary.accepted, summary.refused, summary.already_filed, text


def _facts(log: InMemoryEventLog) -> dict[str, list[tuple[str, str, str, str, bytes]]]:
    facts: dict[str, list[tuple[str, str, str, str, bytes]]] = {}
    for event in log.read(0, 100_000):
        fact = (event.type, event.key, event.occurred_at, event.command_id, event.data)
        facts.setdefault(event.stream, []).append(fact)
    return facts
