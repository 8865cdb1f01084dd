"""`replay`: NDJSON to a file that appears whole, or to standard output."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.envelope import Actor, Envelope, utc_text
from infra import write_side
from interfaces.cli.rendering import counted
from tests.unit.interfaces.cli.conftest import Type
from tests.unit.interfaces.cli.fakes import FakeReadSide, entered

LOG_ID = UUID(int=77)
START = datetime(2025, 6, 10, tzinfo=UTC)


def _event(position: int) -> Envelope:
    return Envelope(
        position=position,
        stream="sale/x/1",
        version=position,
        key="client/x/1",
        event_id=str(UUID(int=position)),
        type="sale.drawn" if position % 2 else "sale.recorded",
        schema_version=1,
        occurred_at=utc_text(START),
        recorded_at=utc_text(START + timedelta(hours=position)),
        actor=Actor("li", "exporter", ""),
        command_id=str(UUID(int=position)),
        correlation_id=str(UUID(int=1)),
        causation_id=None,
        data=b'{"net_mg":9007199254740991}',
    )


class _Log:
    broken = False

    def head(self) -> int:
        return 6

    def log_id(self) -> UUID:
        return LOG_ID

    def read(self, after: int, limit: int, until: int | None = None) -> Sequence[Envelope]:
        if self.broken:
            raise OSError(28, "No space left on device")
        return [_event(position) for position in range(after + 1, min(after + limit, until or 6) + 1)]


@pytest.fixture
def log(reading: FakeReadSide, monkeypatch: pytest.MonkeyPatch) -> _Log:
    """A log of six events, recorded an hour apart."""
    assert reading.asked == []
    fake = _Log()
    monkeypatch.setattr(write_side, "event_log", lambda _: entered(fake))
    return fake


def _positions(out: str) -> list[int]:
    return [int(json.loads(line)["position"]) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("flags", "positions"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("--from 2 --to 4", [2, 3, 4]),
        ("--until 2025-06-10T11:00", [1, 2, 3]),
        ("--until 2025-06-10T03:00Z", [1, 2, 3]),
        ("--type sale.drawn", [1, 3, 5]),
        ("--type sale.drawn --type sale.recorded --from 5", [5, 6]),
    ],
)
def test_what_is_replayed(flags: str, positions: list[int], log: _Log, type_line: Type) -> None:
    """Both ends included; a time without an offset is Asia/Shanghai; the count goes to standard error."""
    printed = type_line("replay", *flags.split())
    assert printed.code == 0
    assert _positions(printed.out) == positions
    assert all("previous" not in json.loads(line) for line in printed.out.splitlines())
    assert counted(len(positions), "event") in printed.err
    assert log.head() == 6


def test_a_file_is_byte_for_byte_what_is_printed(log: _Log, type_line: Type, tmp_path: Path) -> None:
    """The same bytes on either way, and each time."""
    out = tmp_path / "trail.ndjson"
    assert type_line("replay", "--out", str(out)).out == ""
    first = out.read_bytes()
    assert type_line("replay", "--out", str(out)).code == 0
    assert out.read_bytes() == first == type_line("replay").out.encode()
    assert log.head() == first.count(b"\n")


def test_a_file_appears_whole_or_not_at_all(log: _Log, type_line: Type, tmp_path: Path) -> None:
    """What fails half way leaves the file of before, and nothing beside it."""
    out = tmp_path / "trail.ndjson"
    out.write_text("before")
    log.broken = True
    printed = type_line("replay", "--out", str(out))
    assert printed.code == 2
    assert printed.err.endswith("[file.unusable]\n")
    assert out.read_text() == "before"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("flag", ["--min-position", "--to"])
def test_waiting_for_a_head_that_does_not_come_exits_4(flag: str, log: _Log, type_line: Type) -> None:
    """Nothing is printed before the log has come as far as asked; an end that is not there yet would move."""
    printed = type_line("replay", flag, "7", "--timeout", "0")
    assert (printed.code, printed.out) == (4, "")
    assert printed.err.endswith("[position.not_yet]\n")
    assert log.head() == 6


def test_a_time_that_has_not_come_is_refused(log: _Log, type_line: Type) -> None:
    """The same line would give more tomorrow."""
    printed = type_line("replay", "--until", "9999-12-31")
    assert (printed.code, printed.out) == (2, "")
    assert printed.err.endswith("[time.in_future]\n")
    assert log.head() == 6


def test_a_range_that_ends_before_it_begins_is_refused(log: _Log, type_line: Type) -> None:
    """A slip, not an empty log."""
    printed = type_line("replay", "--from", "5", "--to", "2")
    assert (printed.code, printed.out) == (2, "")
    assert "--from 5 lies after --to 2 [usage.wrong]" in printed.err
    assert log.head() == 6
