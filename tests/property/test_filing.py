"""Files in any order of rows: the same filings, none lost, none twice."""

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from application.importing import Importer, Provenance
from domain.envelope import Actor
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.filing_files import file_rows
from interfaces.cli.formats.kinds import KINDS

EXPORTER = "91999999MA20682835"
HEADER = ("exporter_uscc", "contract_no", "signed_on", "client_ref", "line_no", "grade", "net_kg", "hs_code")

Sale = list[tuple[str, ...]]


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


def _desk() -> tuple[InMemoryEventLog, Importer]:
    log = InMemoryEventLog(Noon())
    provenance = Provenance(Actor("li.wei", "exporter", ""), "exporter", UUID(int=1))
    return log, Importer(log, Noon(), UuidV7Ids(SystemClock()), provenance)


def _file(
    importer: Importer, kind: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[ImportSummary, str]:
    """File rows; give the summary and the text of the rejects file."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        summary = file_rows(path, KINDS[kind], importer, lambda _done, _rows: None)
        rejects = "" if summary.rejected_file is None else summary.rejected_file.read_text(encoding="utf-8")
    return summary, rejects


def _prepare(importer: Importer) -> None:
    grade = ("N42", "NdFeB", "Nd=270000;Dy=20000", "2021-01-01")
    _file(importer, "exporters", ("uscc", "name", "region"), [(EXPORTER, "Firm", "999999")])
    _file(importer, "grades", ("grade", "family", "composition", "effective_from"), [grade])
    client = (EXPORTER, "C1", "One", "DE", "trader")
    _file(importer, "clients", ("exporter_uscc", "client_ref", "legal_name", "country", "role"), [client])


@st.composite
def sales(draw: st.DrawFn) -> list[Sale]:
    """Contracts of one to four lines; now and then a line that must be refused."""
    contracts = draw(st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True))
    masses = st.sampled_from(["1", "2.5", "0.000001", "0", "-1", "1e3"])
    made: list[Sale] = []
    for contract in contracts:
        count = draw(st.integers(1, 4))
        lines = [(str(line), draw(masses)) for line in range(1, count + 1)]
        made.append(
            [(EXPORTER, f"K{contract}", "2025-06-01", "C1", line, "N42", mass, "850511") for line, mass in lines]
        )
    return made


def _facts(log: InMemoryEventLog) -> dict[str, list[tuple[str, bytes]]]:
    facts: dict[str, list[tuple[str, bytes]]] = {}
    for event in log.read(0, 10_000):
        facts.setdefault(event.stream, []).append((event.type, event.data))
    return facts


def _is_good(sale: Sale) -> bool:
    return all(row[6] in {"1", "2.5", "0.000001"} for row in sale)


@settings(max_examples=150)
@given(made=sales(), seed=st.integers(0, 2**32))
def test_scattered_rows_give_the_same_events(made: list[Sale], seed: int) -> None:
    """However the rows of the contracts are mixed; and exactly the good contracts go in."""
    rows = [row for sale in made for row in sale]
    mixed = rows.copy()
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a permutation, no secret
    facts = []
    for order in (rows, mixed):
        log, importer = _desk()
        _prepare(importer)
        summary, _ = _file(importer, "sales", HEADER, order)
        assert summary.accepted + summary.refused + summary.already_filed == len(made)
        assert summary.accepted == sum(map(_is_good, made))
        facts.append(_facts(log))
    assert facts[0] == facts[1]


@settings(max_examples=100)
@given(made=sales())
def test_filing_again_and_mending_lose_nothing(made: list[Sale]) -> None:
    """Filed again, what went in is known; the rejects, mended, are exactly the rest."""
    log, importer = _desk()
    _prepare(importer)
    rows = [row for sale in made for row in sale]
    first, rejects = _file(importer, "sales", HEADER, rows)
    again, _ = _file(importer, "sales", HEADER, rows)
    assert (again.accepted, again.already_filed, again.refused) == (0, first.accepted, first.refused)
    if first.refused:
        header, *bad = list(csv.reader(io.StringIO(rejects)))
        column = header.index("net_kg")
        mended = [[*row[:column], "3", *row[column + 1 :]] for row in bad]
        rest, _ = _file(importer, "sales", header, mended)
        assert (rest.accepted, rest.refused) == (first.refused, 0)
    assert len([stream for stream in _facts(log) if stream.startswith("sale/")]) == len(made)
