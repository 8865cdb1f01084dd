"""From rows to filings, where the file is another one when it is read again."""

from collections.abc import Iterator, Sequence

import pytest

from interfaces.cli.formats.errors import Fault, FileUnreadable
from interfaces.cli.formats.grouping import index_groups, read_groups
from interfaces.cli.formats.party_kinds import EXPORTERS
from interfaces.cli.formats.rejects import RejectsFile
from interfaces.cli.formats.row import Key, Row


class ChangingFile:
    """Gives other rows each time it is read."""

    header = ("uscc", "name", "region")

    def __init__(self, *readings: Sequence[str]) -> None:
        self._readings = iter(readings)

    def rows(self) -> Iterator[Row]:
        """Give the keys of the next reading as rows."""
        for line, uscc in enumerate(next(self._readings), start=2):
            yield Row(line, [uscc, "Firm", "999999"])

    def rejects(self) -> RejectsFile:
        """Never asked for."""
        raise NotImplementedError

    def keys(self, names: Sequence[str]) -> Iterator[tuple[int, int, Key]]:
        """Never asked for."""
        raise NotImplementedError

    def part(self, start: int, end: int, line: int) -> Iterator[Row]:
        """Never asked for."""
        raise NotImplementedError

    def rejected(self, row: Row, fault: Fault) -> str:
        """Never asked for."""
        raise NotImplementedError


@pytest.mark.parametrize(
    ("first", "second", "filed"),
    [("AAB", "AABC", "AB"), ("AAB", "AABBA", "AB"), ("AAB", "AAAB", "A"), ("AAB", "AB", ""), ("ABA", "ABB", "")],
)
def test_a_file_that_changes_while_it_is_read_is_not_filed_on(first: str, second: str, filed: str) -> None:
    """A filing is never taken for complete when it is not, and none is left out in silence."""
    file = ChangingFile(first, second)
    index = index_groups(file, EXPORTERS)
    keys: list[str] = []
    with pytest.raises(FileUnreadable) as refused:
        keys.extend(group.rows[0].texts[0] for group in read_groups(file, EXPORTERS, index))
    assert (refused.value.code, "".join(keys)) == ("file.changed", filed)
