"""Where the rows of each filing stand in a file: a few bytes a run of rows, whatever the file holds.

Rows of one key may stand anywhere. Runs of adjacent rows with one key are numbered; runs of the same key are linked.
Keys are told apart by a 64-bit hash, made anew for each run. Were two to share one, the file would be taken for one
that was changed while it was read, and the next run would tell them apart.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.source_file import SourceFile

_SLICE = 200_000
# A set of so many takes 50 MB for a moment.
_MOST_AT_ONCE = 500_000
_NONE = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes of a file that begin and end with rows, and the line of the first."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class RowBlock:
    """All rows of some filings, in the order of the filings' first rows; how many rows and filings that is."""

    segments: list[Segment]
    rows: int
    keys: int


@dataclass(slots=True)
class RowIndex:
    """Runs of rows, in the order of the file; one array element a run.

    Attributes:
        rows: how many there are.
    """

    rows: int = 0
    # One more than there are runs: the last is the byte behind all of them.
    _starts: "array[int]" = field(default_factory=lambda: array("Q"))
    _lines: "array[int]" = field(default_factory=lambda: array("I"))
    _counts: "array[int]" = field(default_factory=lambda: array("I"))
    _next: "array[int]" = field(default_factory=lambda: array("I"))
    _later: bytearray = field(default_factory=bytearray)

    @classmethod
    def of(cls, file: SourceFile, kind: Kind, end: int) -> "RowIndex":
        """Read a file once; so it is known that every byte of it can be read (errors as ``SourceFile.rows``)."""
        index = cls()
        hashes: array[int] = array("q")
        starts, lines, counts = index._starts, index._lines, index._counts
        last = None
        for offset, line, key in file.keys(kind.key):
            if key == last:
                counts[-1] += 1
            else:
                starts.append(offset)
                lines.append(line)
                counts.append(1)
                hashes.append(hash(key))
                last = key
        starts.append(end)
        index.rows = sum(counts)
        index._link(hashes)
        return index

    def blocks(self, rows: int, size: int) -> Iterator[RowBlock]:
        """Give blocks of whole filings, each of about so many rows and bytes, in the order of their first rows."""
        starts, counts, later, following = self._starts, self._counts, self._later, self._next
        runs: list[int] = []
        counted = taken = keys = 0
        for run in range(len(counts)):
            if later and later[run]:
                continue
            keys += 1
            each = run
            while each != _NONE:
                runs.append(each)
                counted += counts[each]
                taken += starts[each + 1] - starts[each]
                each = following[each] if following else _NONE
            if counted >= rows or taken >= size:
                yield RowBlock(self._segments(runs), counted, keys)
                runs, counted, taken, keys = [], 0, 0, 0
        if runs:
            yield RowBlock(self._segments(runs), counted, keys)

    def _segments(self, runs: Sequence[int]) -> list[Segment]:
        """Give the bytes of some runs, those of adjacent ones in one piece."""
        begins = [place for place, run in enumerate(runs) if not place or runs[place - 1] != run - 1]
        return [
            Segment(self._starts[runs[begin]], self._starts[runs[end - 1] + 1], self._lines[runs[begin]])
            for begin, end in pairwise([*begins, len(runs)])
        ]

    def _link(self, hashes: "array[int]") -> None:
        """Link runs of the same key, a slice of the hashes at a time; files without such runs keep no links."""
        if len(hashes) <= _MOST_AT_ONCE and len(set(hashes)) == len(hashes):
            return
        slices = 1 + len(hashes) // _SLICE
        for number in range(slices):
            packed = sorted(each << 32 | run for run, each in enumerate(hashes) if each % slices == number)
            for one, other in pairwise(packed):
                if one >> 32 == other >> 32:
                    self._join(one & _NONE, other & _NONE)

    def _join(self, run: int, later: int) -> None:
        if not self._next:
            self._next = array("I", [_NONE]) * len(self._counts)
            self._later = bytearray(len(self._counts))
        self._next[run] = later
        self._later[later] = 1
