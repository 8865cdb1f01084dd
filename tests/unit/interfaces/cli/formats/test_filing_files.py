"""A file filed into a log in memory: what is accepted, what is refused, and what the rejects file says."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.importing import Importer, Provenance
from domain.envelope import Actor
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.filing_files import file_rows
from interfaces.cli.formats.kinds import KINDS

EXPORTER = "91999999MA20682835"
SALES = "exporter_uscc,contract_no,signed_on,client_ref,line_no,grade,net_kg,hs_code\n"


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


class Desk:
    """Files texts as files of a kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = InMemoryEventLog(Noon())
        provenance = Provenance(Actor("li.wei", "exporter", ""), "exporter", UUID(int=1))
        self._importer = Importer(self.log, Noon(), UuidV7Ids(SystemClock()), provenance)

    def file(self, kind: str, content: str) -> ImportSummary:
        """File a text."""
        path = self.folder / f"{uuid4().hex}.csv"
        path.write_text(content, encoding="utf-8")
        return self.file_path(kind, path)

    def file_path(self, kind: str, path: Path) -> ImportSummary:
        """File a file."""
        return file_rows(path, KINDS[kind], self._importer, lambda _done, _rows: None)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk at which an exporter, two clients and a grade are known."""
    desk = Desk(tmp_path)
    known = [
        desk.file("exporters", f"uscc,name,region\n{EXPORTER},Firm,999999\n"),
        desk.file("grades", "grade,family,composition,effective_from\nN42,NdFeB,Nd=270000;Dy=20000,2021-01-01\n"),
        desk.file(
            "clients",
            "exporter_uscc,client_ref,legal_name,country,role\n"
            f"{EXPORTER},C1,One,DE,trader\n{EXPORTER},C/2,Two,JP,end_user\n",
        ),
    ]
    assert [summary.refused for summary in known] == [0, 0, 0]
    return desk


def _sale(contract: str, line: int | str = 1, *, kg: str = "1", client: str = "C1", day: str = "2025-06-01") -> str:
    return f"{EXPORTER},{contract},{day},{client},{line},N42,{kg},850511\n"


def _rejects(summary: ImportSummary) -> list[dict[str, str]]:
    assert summary.rejected_file is not None
    with summary.rejected_file.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_of_a_key_are_one_filing_wherever_they_stand(desk: Desk) -> None:
    """Filings take effect in the order of their first rows."""
    summary = desk.file("sales", SALES + _sale("A", 1) + _sale("B") + _sale("A", 2))
    assert (summary.rows, summary.accepted, summary.refused) == (3, 2, 0)
    recorded = desk.log.read(4, 10)
    assert [event.stream.rpartition("/")[2] for event in recorded] == ["A", "B"]


def test_a_filing_is_refused_whole(desk: Desk) -> None:
    """Its good rows say that they are; other filings go in."""
    summary = desk.file("sales", SALES + _sale("A", 1) + _sale("B") + _sale("A", 2, kg="0"))
    assert (summary.accepted, summary.refused) == (1, 1)
    found = [(row["line"], row["field"], row["code"], row["line_no"]) for row in _rejects(summary)]
    assert found == [("2", "", "filing.refused", "1"), ("4", "net_kg", "mass.not_positive", "2")]


def test_the_row_that_holds_a_wrong_container_is_to_blame(desk: Desk) -> None:
    """Though containers belong to the whole declaration."""
    desk.file("sales", SALES + _sale("A"))
    columns = "declaration_no,exporter_uscc,contract_no,client_ref,exported_on,line_no,sale_line_no,net_kg,"
    row = f"D,{EXPORTER},A,C1,2025-06-02,{{}},1,0.1,DE,Ningbo,{{}}\n"
    rows = row.format(1, "CSQU3054383") + row.format(2, "") + row.format(3, "CSQU3054384")
    summary = desk.file("shipments", f"{columns}destination,port,container_no\n{rows}")
    found = [(each["line"], each["field"], each["code"]) for each in _rejects(summary)]
    assert found == [
        ("2", "", "filing.refused"),
        ("3", "", "filing.refused"),
        ("4", "container_no", "container.invalid"),
    ]


@pytest.mark.parametrize("broken", ["\r", "\n", "\r\n", "\n\n", "\0"])
def test_a_refused_row_comes_back_as_it_was_filed(desk: Desk, broken: str) -> None:
    """With any break inside quotes; taken out, the rejects file is filed as it is."""
    grade = f'"N{broken}42"'
    summary = desk.file("sales", SALES + _sale("A") + _sale("B").replace("N42", grade))
    assert [(row["line"], row["code"], row["grade"]) for row in _rejects(summary)] == [
        ("3", "field.control_character", f"N{broken}42")
    ]
    assert summary.rejected_file is not None
    mended = summary.rejected_file.read_bytes().decode().replace(f"N{broken}42", "N42")
    assert desk.file("sales", mended).accepted == 1


@pytest.mark.parametrize(
    ("void", "code"),
    [
        ("shipment,1.23E+17", "key.spreadsheet_number"),
        (f"sale,{EXPORTER}/1.23E+17", "key.spreadsheet_number"),
        (f"sale,{EXPORTER}/ A", "key.blank_at_end"),
        (f"shipment,{'x' * 65}", "key.too_long"),
        (f"sale,{EXPORTER}/", "key.malformed"),
        (f"sale,{EXPORTER}/2025/1E5", "sale.unknown"),
    ],
)
def test_the_key_of_a_void_is_read_as_the_key_of_what_is_voided(desk: Desk, void: str, code: str) -> None:
    """What a spreadsheet did to it is named."""
    summary = desk.file("voids", f"kind,key,reason\n{void},typing error\n")
    assert [(row["field"], row["code"]) for row in _rejects(summary)] == [("key", code)]


def test_a_row_with_another_number_of_fields_is_refused_alone(desk: Desk) -> None:
    """The row beside it, of the same contract, goes in."""
    summary = desk.file("sales", SALES + _sale("A", 1) + f"{EXPORTER},A\n" + _sale("A", 2).strip() + ",more\n")
    assert (summary.accepted, summary.refused) == (1, 2)
    assert {row["code"] for row in _rejects(summary)} == {"row.field_count"}


def test_a_control_character_refuses_its_filing_alone(desk: Desk) -> None:
    """A line break or NUL inside quotes included."""
    summary = desk.file("sales", SALES + _sale('"A\nB"') + _sale("C") + _sale('"D\0E"'))
    assert (summary.accepted, summary.refused) == (1, 2)
    assert [(row["line"], row["code"]) for row in _rejects(summary)] == [
        ("2", "field.control_character"),
        ("5", "field.control_character"),
    ]


@pytest.mark.parametrize(
    ("second", "field", "code"),
    [
        (_sale("A", 1), "line_no", "line.repeated"),
        (_sale("A", 2, client="C/2"), "client_ref", "filing.rows_disagree"),
        (_sale("A", 2, day="2025-06-02"), "signed_on", "filing.rows_disagree"),
    ],
)
def test_rows_of_a_filing_agree(desk: Desk, second: str, field: str, code: str) -> None:
    """The later row is to blame."""
    summary = desk.file("sales", SALES + _sale("A", 1) + second)
    assert [(row["field"], row["code"]) for row in _rejects(summary)] == [("", "filing.refused"), (field, code)]


def test_a_mended_rejects_file_is_filed_as_it_is(desk: Desk) -> None:
    """And what it refuses again goes to a file of its own."""
    summary = desk.file("sales", SALES + _sale("A", 1) + _sale("A", 2, kg="0") + _sale("B", kg="x"))
    rejects = summary.rejected_file
    assert rejects is not None
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("N42,0,", "N42,2,"), encoding="utf-8")
    again = desk.file_path("sales", rejects)
    assert (again.accepted, again.refused) == (1, 1)
    assert again.rejected_file == rejects.with_name(rejects.name + ".rejected.csv")
    assert [row["code"] for row in _rejects(again)] == ["mass.malformed"]


def test_rejects_of_an_earlier_run_are_removed(desk: Desk) -> None:
    """Where nothing is refused any more, and no partial file is left."""
    path = desk.folder / "sales.csv"
    path.write_text(SALES + _sale("A", kg="0"), encoding="utf-8")
    first = desk.file_path("sales", path)
    path.write_text(SALES + _sale("A", kg="3"), encoding="utf-8")
    second = desk.file_path("sales", path)
    assert first.rejected_file is not None
    assert second.rejected_file is None
    assert not first.rejected_file.exists()
    assert not [entry for entry in desk.folder.iterdir() if entry.name.startswith(".")]


def test_filing_twice_adds_nothing(desk: Desk) -> None:
    """Whatever the order of the columns and rows."""
    desk.file("sales", SALES + _sale("A", 1) + _sale("A", 2) + _sale("B"))
    head = desk.log.head()
    again = desk.file("sales", SALES + _sale("B") + _sale("A", 2) + _sale("A", 1))
    assert (again.accepted, again.already_filed, again.refused) == (0, 2, 0)
    assert desk.log.head() == head


def test_what_was_voided_since_is_still_already_filed(desk: Desk) -> None:
    """A known filing is known, whatever became of it; another content under its key is refused."""
    desk.file("sales", SALES + _sale("A"))
    void = f"kind,key,reason\nsale,{EXPORTER}/A,typing error\n"
    assert desk.file("voids", void).accepted == 1
    assert desk.file("sales", SALES + _sale("A")).already_filed == 1
    assert desk.file("voids", void).already_filed == 1
    other = desk.file("sales", SALES + _sale("A", kg="7"))
    assert [row["code"] for row in _rejects(other)] == ["sale.voided"]


def test_another_content_under_a_known_key_is_refused(desk: Desk) -> None:
    """With a code that says so."""
    desk.file("sales", SALES + _sale("A"))
    other = desk.file("sales", SALES + _sale("A", kg="7"))
    assert [(row["field"], row["code"]) for row in _rejects(other)] == [
        ("contract_no", "sale.already_filed_differently")
    ]


def test_keys_may_hold_slashes_and_any_script(desk: Desk) -> None:
    """The key is the last part of the stream, whatever it contains."""
    summary = desk.file("sales", SALES + _sale("2025/合同/1", client="C/2"))
    assert summary.accepted == 1
    [event] = desk.log.read(4, 10)
    assert event.stream == f"sale/{EXPORTER}/2025/合同/1"
    assert event.key == f"client/{EXPORTER}/C/2"
