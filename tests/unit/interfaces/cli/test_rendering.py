"""What is printed: harmless on a terminal, whole when piped, one object as JSON."""

import json
import re

import pytest
from rich.cells import cell_len

from interfaces.cli.rendering import counted, harmless, print_json, print_table

HOSTILE = "A\x1b[2J\x9b31m\u202eevil\u2066x\u200f\r\n\x00\u2028\U000e0041"


class _Terminal:
    """Standard output that says it is a terminal of 40 columns."""

    def __init__(self) -> None:
        self.text = ""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing is buffered."""


def test_control_and_bidi_characters_become_escapes() -> None:
    """No byte of data moves the cursor or reorders text."""
    expected = r"A\u001b[2J\u009b31m\u202eevil\u2066x\u200f" + r"\u000d\u000a\u0000\u2028\U000e0041"
    assert harmless(HOSTILE) == expected


@pytest.mark.parametrize("name", ["包头市磁材有限公司", "شركة", "Ünïcode-Ω", "می‌خواهم", "a'\"%_\\"])
def test_names_of_any_script_stay_as_they_are(name: str) -> None:
    """What only looks foreign is not escaped; the joiner inside a Persian word is part of it."""
    assert harmless(name) == name


def test_json_is_one_line_that_means_the_same_and_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    """Escaping for the terminal never changes what a program reads."""
    answer = {"rows": [{"label": HOSTILE + "包头"}], "position": 2**53}
    print_json(answer)
    printed = capsys.readouterr().out
    assert json.loads(printed) == answer
    assert printed.count("\n") == 1
    assert printed.endswith("\n")
    assert "包头" in printed
    assert harmless(printed[:-1]) == printed[:-1]


def test_a_piped_table_is_never_cut_and_stays_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """A row of 500 characters is printed whole, on one line, whatever the script."""
    long = "客" * 250 + "x" * 250
    print_table(["stream", "kg"], [[long, "1.5"], ["short", "22.25"]], right=["kg"])
    heading, first, second = capsys.readouterr().out.splitlines()
    assert long in first
    assert cell_len(first) == cell_len(second)
    assert second.endswith(" 22.25")
    assert first.endswith("  1.5")
    assert heading.split() == ["stream", "kg"]


def test_a_table_on_a_terminal_folds_and_shows_markup_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Square brackets in data are data, a control character stays harmless, and nothing is left out."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    print_table(["label"], [["[red]" + "y" * 60], ["\x1b[31m"]])
    assert terminal.text.count("y") == 60
    assert "[red]" in terminal.text
    assert r"\u001b[31m" in terminal.text
    unstyled = re.sub(r"\x1b\[[0-9;]*m", "", terminal.text)
    assert max(cell_len(line) for line in unstyled.splitlines()) == 40


def test_a_number_on_a_terminal_is_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words beside it are folded instead, and are all there."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    print_table(["stream", "kg"], [["s" * 60, "1234567.123456789012"]], right=["kg"])
    assert "1234567.123456789012" in terminal.text
    assert terminal.text.count("s") - "stream".count("s") == 60


def test_what_does_not_fit_is_written_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal too narrow for its numbers, or for a sentence beside them, still shows each value whole."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "30")
    print_table(["kg", "ng"], [["7" * 20, "3" * 20], ["1", ""]], right=["kg", "ng"], title="2 rows")
    print_table(["position", "summary"], [["12", "w" * 80]], right=["position"])
    kg, summary = f"kg  {'7' * 20}\nng  {'3' * 20}\n\nkg  1\nng\n", f"position  12\nsummary   {'w' * 80}\n"
    assert terminal.text == f"2 rows\n\n{kg}{summary}"


def test_one_is_not_many() -> None:
    """Nothing is said of `1 rows`."""
    assert [counted(number, "row") for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]
