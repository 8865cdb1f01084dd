"""The frozen sample of each event as a read model gets it, and what a read model makes of it."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from domain.canonical import canonical_json, parse_json
from domain.envelope import Envelope
from domain.event import Event
from domain.registry import EVENT_TYPES, decode
from projections.ports import Projection
from tests.support.envelopes import an_event

_SAMPLES = Path(__file__).parents[1] / "golden" / "events"
Table = list[dict[str, str | None]]


def sample(kind: str, position: int = 1, **other: Any) -> tuple[Envelope, Event]:
    """Give the sample of a type, at a position of the log; fields of the facts may be other ones."""
    version = EVENT_TYPES[kind].schema_version
    facts = parse_json((_SAMPLES / f"{kind}.v{version}.json").read_bytes())
    data = canonical_json({**facts, **other})
    event = decode(kind, version, data)
    envelope = an_event(position, event.stream, kind=kind, key=event.key)
    return envelope._replace(schema_version=version, data=data), event


def folded(unit: Projection, *events: Envelope) -> dict[str, Table]:
    """Fold events; give each table's rows, every value as text."""
    rows = _Copied()
    unit.apply(rows, events)
    return rows.tables


class _Copied:
    """Tables that only remember what was copied into them."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Refuse: what is folded here is only ever added."""
        raise AssertionError(sql, parameters)

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Remember rows by the names of their columns."""
        self._remember(table, columns, ([None if value is None else str(value) for value in row] for row in rows))

    def copy_text(self, table: str, columns: Sequence[str], block: str) -> None:
        """Remember lines as PostgreSQL would read them."""
        lines = block.split("\n")
        assert lines.pop() == ""
        self._remember(table, columns, ([_field(text) for text in line.split("\t")] for line in lines))

    def _remember(self, table: str, columns: Sequence[str], texts: Iterable[Sequence[str | None]]) -> None:
        self.tables.setdefault(table, []).extend(dict(zip(columns, row, strict=True)) for row in texts)


def _field(text: str) -> str | None:
    escapes = {"b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "\\": "\\"}
    return None if text == r"\N" else re.sub(r"\\(.)", lambda found: escapes[found[1]], text)
