"""Rows that are split at commas are those that a CSV parser reads, and stand where they stand."""

import csv
import io
from pathlib import Path
from random import Random

import pytest

from interfaces.cli.formats.csv_rows import open_csv
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.formats.row import Key
from interfaces.cli.formats.unquoted import records_of

DELIVERIES = KINDS["deliveries"]
HEADER = "declaration_no,line_no,received_kg,received_on,reason"
FIELDS = ("", "a", " b ", "磁石", "1.5", "2025-08-02", "'", "\t", "\u2028x", "\x0b")
WIDTH, LAST = 5, 40
ENDS = ("\n", "\r\n", "\r")
Record = tuple[int, list[str]]


def _text(random: Random, ends: tuple[str, ...], fields: tuple[str, ...], rows: int) -> str:
    lines = [HEADER]
    for _ in range(rows):
        width = random.choice((5, 5, 5, 5, 0, 1, 4, 6))
        lines.append(",".join(random.choice(fields) for _ in range(width)))
    return "".join(line + random.choice(ends) for line in lines[:-1]) + lines[-1] + random.choice(("", ends[0]))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_rows_are_those_of_a_parser(tmp_path: Path, mark: bytes) -> None:
    """Whatever lines end with, whether or not fields are quoted, also behind the first quote of a long file."""
    for seed in range(150):
        random = Random(seed)  # noqa: S311 - reproducible
        ends = random.choice((ENDS[:1], ENDS[1:2], ENDS[:2], ENDS))
        fields = random.choice((FIELDS, (*FIELDS, '"q,\n"', '"磁""石"')))
        text = _text(random, ends, fields, random.choice((3, 30)))
        path = tmp_path / "deliveries.csv"
        path.write_bytes(mark + text.encode())
        assert _split(path) == _parsed(text)


def test_a_quote_far_behind_the_beginning_is_met(tmp_path: Path) -> None:
    """Several mebibytes are split, the rest is parsed; a byte order mark and wide characters count as bytes."""
    plain = "".join(f"磁{number},1,1.5,2025-08-02,\r\n" for number in range(100_000))
    text = f'{HEADER}\r\n{plain}"x\r\n,y",1,1,2025-08-02,\r\nz,1,1,2025-08-02,\r\n'
    path = tmp_path / "deliveries.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert _split(path) == _parsed(text)


def _split(path: Path) -> tuple[list[int], list[Key], list[Record], list[Record]]:
    """Give lines and keys as they stand, then whole rows: all read at once, and the last each from its own byte on."""
    file = open_csv(path, DELIVERIES)
    found = list(file.keys(DELIVERIES.key))
    starts = [start for start, _, _ in found]
    pieces = list(zip(starts, [*starts[1:], path.stat().st_size], [line for _, line, _ in found], strict=True))
    together = list(file.part(starts[0], path.stat().st_size, found[0][1])) if found else []
    alone = [row for piece in pieces[-LAST:] for row in file.part(*piece)]
    records = [[(row.line, list(row.texts)) for row in rows if row.fault is None] for rows in (together, alone)]
    return [line for _, line, _ in found], [key for _, _, key in found], records[0], records[1]


def _parsed(text: str) -> tuple[list[int], list[Key], list[Record], list[Record]]:
    """Give the same, found by a parser."""
    reader, line, found = csv.reader(io.StringIO(text, newline=""), strict=True), 1, list[Record]()
    for texts in reader:
        if texts and line > 1:
            found.append((line, texts))
        line = reader.line_num + 1
    keys: list[Key] = [(texts[0], texts[3]) if len(texts) == WIDTH else line for line, texts in found]
    whole, last = ([each for each in some if len(each[1]) == WIDTH] for some in (found, found[-LAST:]))
    return [line for line, _ in found], keys, whole, last


@pytest.mark.parametrize("text", ['a,"b"\n', "a\0b\n", "a\rb\n", "a\r\nb\n", "longer\n"])
def test_what_only_a_parser_knows_is_left_to_it(text: str) -> None:
    """Quotes, NUL, line ends that differ, and fields that may be too long."""
    assert records_of(text, 6) is None
    assert records_of("a,b\n\nc", 6) == ["a,b", "", "c"]
