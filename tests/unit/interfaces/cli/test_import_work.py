"""Which files an import takes, in which order, and what it refuses before anything is filed."""

import os
from pathlib import Path

import pytest

from interfaces.cli.errors import WrongUsage
from interfaces.cli.formats.errors import FileUnreadable
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.import_work import check_readable, files_to_take

# As the issue lists them, apart from the code.
ORDER = (
    *("exporters", "grades", "clients", "client_amendments", "sales", "shipments", "deliveries", "cancellations"),
    *("sale_corrections", "shipment_corrections", "voids", "standings"),
)
EXPORTERS = "uscc,name,region\n"


def test_a_folder_is_taken_in_the_order_in_which_filings_rest_on_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CSV before NDJSON of a kind; everything else is named, on standard error."""
    for kind in sorted(ORDER):
        (tmp_path / f"{kind}.csv").touch()
    (tmp_path / "sales.ndjson").touch()
    for other in ("sales.csv.rejected.csv", "SALES.CSV", "notes.txt", "b.csv"):
        (tmp_path / other).touch()
    work = files_to_take(str(tmp_path), None)
    expected = [f"{kind}.csv" for kind in ORDER]
    expected.insert(expected.index("sales.csv") + 1, "sales.ndjson")
    assert [path.name for path, _ in work] == expected
    assert all(path.name.startswith(kind.name) for path, kind in work)
    said = capsys.readouterr()
    assert said.out == ""
    assert "SALES.CSV, b.csv, notes.txt, sales.csv.rejected.csv" in said.err


@pytest.mark.parametrize(
    ("what", "file", "said"),
    [
        ("sails", Path("x.csv"), "not a kind of filing; known: exporters, grades"),
        ("sales", None, "give a file with a kind"),
        ("nowhere", None, "there is no such folder"),
        (".", None, "holds no KIND.csv"),
    ],
)
def test_other_words_are_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, file: Path | None, said: str
) -> None:
    """With what would be right."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUsage, match=said):
        files_to_take(what, file)


def test_of_several_files_each_is_read_to_its_end_first(tmp_path: Path) -> None:
    """So that a bad byte far down in the last keeps the first from being filed."""
    good, bad = tmp_path / "exporters.csv", tmp_path / "clients.csv"
    good.write_text(EXPORTERS, encoding="utf-8")
    header = "exporter_uscc,client_ref,legal_name,country,role\n" + "U,C,One,DE,trader\n" * 2_000
    bad.write_bytes(header.encode() + b"\xff\n")
    with pytest.raises(FileUnreadable) as refused:
        check_readable([(good, KINDS["exporters"]), (bad, KINDS["clients"])])
    assert refused.value.code == "file.not_utf8"
    assert str(bad) in str(refused.value)


@pytest.mark.parametrize("suffix", [".csv", ".ndjson"])
def test_what_can_be_read_only_once_is_refused(tmp_path: Path, suffix: str) -> None:
    """A pipe would lose what the first reading takes; nobody waits for one."""
    pipe = tmp_path / f"exporters{suffix}"
    os.mkfifo(pipe)
    with pytest.raises(FileUnreadable, match="can be read only once") as refused:
        check_readable([(pipe, KINDS["exporters"])])
    assert refused.value.code == "file.unreadable"
