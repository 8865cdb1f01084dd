"""Reading NDJSON: the same filings as by CSV, and every bad line refused alone."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from application.importing import Importer, Provenance
from domain.envelope import Actor
from domain.judging import EXPORTER
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.errors import FileUnreadable
from interfaces.cli.formats.filing_files import file_rows
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.formats.ndjson_rows import open_ndjson

GOOD = {"uscc": "91999999MA20682835", "name": "Firm", "region": "999999"}


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


@pytest.fixture
def importer() -> Importer:
    """Files into memory."""
    provenance = Provenance(Actor("li.wei", "exporter", ""), EXPORTER, UUID(int=1))
    return Importer(InMemoryEventLog(Noon()), Noon(), UuidV7Ids(SystemClock()), provenance)


def _file(importer: Importer, path: Path, kind: str, text: str) -> ImportSummary:
    path.write_text(text, encoding="utf-8")
    return file_rows(path, KINDS[kind], importer, lambda _done, _rows: None)


def _rejected(path: Path) -> Sequence[dict[str, object]]:
    text = path.with_name(f"{path.name}.rejected.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("{", "", "row.not_json"),
        ("[1]", "", "row.not_json"),
        ('"uscc"', "", "row.not_json"),
        ("[" * 100_000, "", "row.not_json"),
        ('{"uscc": "\\ud800"}', "", "row.not_json"),
        ('{"\\udfff": "a"}', "", "row.not_json"),
        ('{"uscc": "a", "uscc": "b"}', "uscc", "row.repeated_name"),
        ('{"colour": "red"}', "colour", "row.unknown_name"),
        ('{"uscc": true}', "uscc", "field.not_text"),
        ('{"uscc": ["a"]}', "uscc", "field.not_text"),
        ('{"uscc": {"a": 1}}', "uscc", "field.not_text"),
        ('{"name": "Firm", "region": "1", "uscc": null}', "uscc", "field.required"),
        ('{"uscc": NaN}', "", "row.not_json"),
        ('{"uscc": -Infinity}', "", "row.not_json"),
        ('{"name": "a\\u0000b", "region": "1", "uscc": "x"}', "name", "field.control_character"),
    ],
)
def test_a_bad_line_is_refused_alone(importer: Importer, tmp_path: Path, line: str, field: str, code: str) -> None:
    """With its line, name and code; the good line beside it is filed."""
    path = tmp_path / "exporters.ndjson"
    summary = _file(importer, path, "exporters", f"{line}\n\n{json.dumps(GOOD)}\n")
    assert (summary.rows, summary.accepted, summary.refused) == (2, 1, 1)
    refused = _rejected(path)
    assert [(each["line"], each["field"], each["code"]) for each in refused] == [(1, field, code)]


def test_a_mended_rejects_file_is_filed_as_it_is(importer: Importer, tmp_path: Path) -> None:
    """The names that tell what was wrong are ignored."""
    path = tmp_path / "exporters.ndjson"
    _file(importer, path, "exporters", json.dumps({**GOOD, "uscc": "91999999MA20682834"}) + "\n")
    (refused,) = _rejected(path)
    assert refused["code"] == "uscc.invalid"
    mended = tmp_path / "mended.ndjson"
    summary = _file(importer, mended, "exporters", json.dumps({**refused, "uscc": GOOD["uscc"]}) + "\n")
    assert (summary.accepted, summary.refused) == (1, 0)


def test_both_formats_state_the_same_filing(importer: Importer, tmp_path: Path) -> None:
    """What came by CSV is already filed; a number counts as the digits that stand in the file."""
    grade = {"grade": "N42", "family": "NdFeB", "composition": "Nd=270000", "effective_from": "2021-01-01"}
    client = {"exporter_uscc": GOOD["uscc"], "client_ref": "C1", "legal_name": "One", "country": "DE", "role": "trader"}
    for kind, row in (("exporters", GOOD), ("grades", grade), ("clients", client)):
        assert _file(importer, tmp_path / f"{kind}.ndjson", kind, json.dumps(row)).accepted == 1
        columns = f"{','.join(row)}\n{','.join(row.values())}\n"
        assert _file(importer, tmp_path / f"{kind}.csv", kind, columns).already_filed == 1
    sale = {"exporter_uscc": GOOD["uscc"], "contract_no": "K", "signed_on": "2025-06-01", "client_ref": "C1"}
    line = '"line_no": 1, "grade": "N42", "net_kg": 0.000001, "hs_code": 850511}'
    text = f"{json.dumps(sale)[:-1]}, {line}\n"
    assert _file(importer, tmp_path / "sales.ndjson", "sales", text).accepted == 1
    columns = f"{','.join(sale)},line_no,grade,net_kg,hs_code\n{','.join(sale.values())},1,N42,0.000001,850511\n"
    assert _file(importer, tmp_path / "sales.csv", "sales", columns).already_filed == 1


@pytest.mark.parametrize("number", ["1e3", "-1", "1.0000001"])
def test_a_number_is_never_a_float(importer: Importer, tmp_path: Path, number: str) -> None:
    """Exponents, signs and places beyond a milligram are refused as they are in CSV."""
    line = f'{{"declaration_no": "D", "line_no": 1, "received_kg": {number}, "received_on": "2025-06-01"}}\n'
    path = tmp_path / "deliveries.ndjson"
    assert _file(importer, path, "deliveries", line).refused == 1
    (refused,) = _rejected(path)
    assert refused["field"] == "received_kg"
    assert refused["received_kg"] == number


def test_what_is_not_utf8_files_nothing(tmp_path: Path) -> None:
    """As for CSV."""
    path = tmp_path / "exporters.ndjson"
    path.write_bytes('{"name": "Müller"}'.encode("latin-1"))
    with pytest.raises(FileUnreadable) as refused:
        open_ndjson(path, KINDS["exporters"])
    assert refused.value.code == "file.not_utf8"
