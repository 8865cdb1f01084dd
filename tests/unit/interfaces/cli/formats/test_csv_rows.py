"""Reading a file: its header, and every row with the line on which it begins."""

from pathlib import Path

import pytest

from interfaces.cli.formats.csv_rows import open_csv
from interfaces.cli.formats.errors import FileUnreadable
from interfaces.cli.formats.party_kinds import EXPORTERS

HEADER = "uscc,name,customs_code,region\n"


def _file(folder: Path, content: bytes | str) -> Path:
    path = folder / "exporters.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file.no_header"),
        ("\n", "file.no_header"),
        (",,\n", "file.no_header"),
        ("uscc,name,region,colour\n", "file.unknown_column"),
        ("uscc,name,region,name\n", "file.repeated_column"),
        ("uscc,name\n", "file.missing_column"),
        ("uscc,name,region\nA,M\xfcller,1\n".encode("latin-1"), "file.not_utf8"),
        (HEADER + 'A,"never closed,,1\nB,b,,2\n', "file.not_csv"),
    ],
)
def test_unreadable_files_are_refused_whole(tmp_path: Path, content: bytes | str, code: str) -> None:
    """Before anything is filed."""
    path = _file(tmp_path, content)
    with pytest.raises(FileUnreadable) as refused:
        list(open_csv(path, EXPORTERS).rows())
    assert refused.value.code == code
    assert str(path) in str(refused.value)


def test_the_mend_is_in_the_message(tmp_path: Path) -> None:
    """What a person has to do."""
    path = _file(tmp_path, "uscc,name,region\nA,\xe9,1\n".encode("latin-1"))
    with pytest.raises(FileUnreadable, match="save it as CSV UTF-8"):
        list(open_csv(path, EXPORTERS).rows())


def test_an_absent_file_and_a_folder_say_so(tmp_path: Path) -> None:
    """Neither is a traceback."""
    with pytest.raises(FileUnreadable) as absent:
        open_csv(tmp_path / "none.csv", EXPORTERS)
    with pytest.raises(FileUnreadable) as folder:
        open_csv(tmp_path, EXPORTERS)
    assert (absent.value.code, folder.value.code) == ("file.not_found", "file.unreadable")


def test_columns_stand_in_any_order_and_optional_ones_may_be_left_out(tmp_path: Path) -> None:
    """A byte order mark is no part of the first name."""
    file = open_csv(_file(tmp_path, "\ufeffregion,name,uscc\n999999,Firm,A\n"), EXPORTERS)
    assert list(file.header) == ["region", "name", "uscc"]
    assert [list(row.texts) for row in file.rows()] == [["999999", "Firm", "A"]]


def test_a_row_is_named_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    """Line breaks inside quotes and empty lines count; the header is line 1."""
    file = open_csv(_file(tmp_path, HEADER + 'A,"two\nlines",,1\n\nB,b,,2\r\nC,c,,3'), EXPORTERS)
    assert [(row.line, row.texts[0]) for row in file.rows()] == [(2, "A"), (5, "B"), (6, "C")]


def test_rows_with_another_number_of_fields_are_told_apart(tmp_path: Path) -> None:
    """They keep what they hold."""
    file = open_csv(_file(tmp_path, HEADER + "A,a,,1,more\nB\nC,c,,3\n"), EXPORTERS)
    rows = list(file.rows())
    assert [row.complete for row in rows] == [False, False, True]
    assert list(rows[0].texts) == ["A", "a", "", "1", "more"]


def test_the_columns_of_a_rejects_file_are_ignored(tmp_path: Path) -> None:
    """So that a mended one can be filed as it is."""
    content = "line,field,code,message,uscc,name,region\n7,name,field.required,empty,A,Firm,1\n"
    file = open_csv(_file(tmp_path, content), EXPORTERS)
    assert [list(row.texts) for row in file.rows()] == [["A", "Firm", "1"]]
