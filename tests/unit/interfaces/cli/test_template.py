"""Templates are filings that are right."""

import csv
import io

import pytest

from interfaces.cli.formats.kinds import KINDS
from tests.unit.interfaces.cli.conftest import Type


@pytest.mark.parametrize("name", list(KINDS))
def test_every_column_has_an_example_that_can_be_read(type_line: Type, name: str) -> None:
    """In both formats, under the kind's own columns."""
    header, row = csv.reader(io.StringIO(type_line("template", name).out))
    assert type_line("template", name, "--ndjson").json == dict(zip(header, row, strict=True))
    kind = KINDS[name]
    assert header == [column.name for column in kind.columns]
    values = {column.name: column.read(text) for column, text in zip(kind.columns, row, strict=True)}
    assert kind.command([values]).model_dump() != {}
    assert all(row)


def test_an_unknown_kind_is_named(type_line: Type) -> None:
    """With those that are known."""
    printed = type_line("template", "cats")
    assert printed.code == 2
    assert "[usage.wrong]" in printed.err
    assert "deliveries" in printed.err
