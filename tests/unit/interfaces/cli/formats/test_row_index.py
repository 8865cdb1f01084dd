"""Blocks of a file: every row once, all rows of a key together, keys in the order of their first rows."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from interfaces.cli.formats.grouping import keys_of
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.formats.opening import open_filings
from interfaces.cli.formats.row_index import RowIndex
from interfaces.cli.formats.source_file import SourceFile

DELIVERIES = KINDS["deliveries"]
HEADER = "declaration_no,line_no,received_kg,received_on,reason"
NO_BOUND = 2**40


def _csv(rows: list[tuple[str, int]], end: str = "\n") -> bytes:
    lines = [HEADER, *(f'"{key}",{number},1,2025-08-02,' for key, number in rows)]
    return (end.join(lines) + end).encode()


def _ndjson(rows: list[tuple[str, int]]) -> bytes:
    made = [f'{{"declaration_no":"{key}","line_no":{number},"received_on":"2025-08-02"}}' for key, number in rows]
    return ("\n".join(made) + "\n").encode()


def _opened(folder: Path, name: str, content: bytes) -> tuple[SourceFile, RowIndex]:
    path = folder / name
    path.write_bytes(content)
    file = open_filings(path, DELIVERIES)
    return file, RowIndex.of(file, DELIVERIES, path.stat().st_size)


def _read(file: SourceFile, index: RowIndex, rows: int, size: int = NO_BOUND) -> list[list[tuple[int, str, str]]]:
    place = [file.header.index("declaration_no"), file.header.index("line_no")]
    return [
        [
            (row.line, row.texts[place[0]], row.texts[place[1]])
            for segment in block.segments
            for row in file.part(segment.start, segment.end, segment.line)
        ]
        for block in index.blocks(rows, size)
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_adjacent_rows_come_in_one_piece(tmp_path: Path, ends: str) -> None:
    """One segment a block, and the lines are those of the file, multi-line fields and blank lines included."""
    rows = [("a", 1), ("a", 2), ("磁\n石", 1), ("磁\n石", 2), ("c", 1)]
    content = b"\xef\xbb\xbf" + _csv(rows, ends).replace(b'"c"', ends.encode() + b'"c"')
    file, index = _opened(tmp_path, "x.csv", content)
    assert index.rows == 5
    assert [len(block.segments) for block in index.blocks(100, NO_BOUND)] == [1]
    assert _read(file, index, 2) == [
        [(2, "a", "1"), (3, "a", "2")],
        [(4, "磁\n石", "1"), (6, "磁\n石", "2")],
        [(9, "c", "1")],
    ]


@pytest.mark.parametrize(("name", "made"), [("x.csv", _csv), ("x.ndjson", _ndjson)])
def test_scattered_rows_come_with_the_first_of_their_key(
    tmp_path: Path, name: str, made: Callable[[list[tuple[str, int]]], bytes]
) -> None:
    """For random orders and sizes of blocks: the same as sorting all rows by hand."""
    for seed in range(60):
        random = Random(seed)  # noqa: S311 - reproducible
        rows = [(f"k{random.randrange(12)}", number) for number in range(1, random.randrange(2, 60))]
        file, index = _opened(tmp_path, name, made(rows))
        size = random.choice((1, 3, 7, 1000))
        blocks = _read(file, index, size)
        first_line = 2 if made is _csv else 1
        numbered = [(first_line + place, key, str(number)) for place, (key, number) in enumerate(rows)]
        order = list(dict.fromkeys(key for _, key, _ in numbered))
        by_key = {key: [row for row in numbered if row[1] == key] for key in order}
        found = [row for block in blocks for row in block]
        assert sorted(found) == numbered
        for block in blocks:
            kept = list(dict.fromkeys(key for _, key, _ in block))
            assert all([row for row in block if row[1] == key] == by_key[key] for key in kept)
        assert list(dict.fromkeys(key for _, key, _ in found)) == order
        assert all(len(block) >= size for block in blocks[:-1])


def test_blocks_are_bounded_in_bytes(tmp_path: Path) -> None:
    """However few rows they hold."""
    file, index = _opened(tmp_path, "x.csv", _csv([(f"{number:040d}", 1) for number in range(50)]))
    assert all(len(block) <= 4 for block in _read(file, index, 1000, 200))


def test_a_row_that_is_not_whole_stands_alone(tmp_path: Path) -> None:
    """Its line is its key."""
    content = _csv([("a", 1)]) + b"a\na\n" + _csv([("a", 2)]).partition(b"\n")[2]
    file, index = _opened(tmp_path, "x.csv", content)
    rows = [
        row
        for block in index.blocks(1, NO_BOUND)
        for each in block.segments
        for row in file.part(each.start, each.end, each.line)
    ]
    key_of, whole = keys_of(file.header, DELIVERIES), ("a", "2025-08-02")
    assert [(row.line, key_of(row)) for row in rows] == [(2, whole), (5, whole), (3, 3), (4, 4)]
