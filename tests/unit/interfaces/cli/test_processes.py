"""`relay`, `consume`, `migrate`, `rebuild`, `parked` and `demo`: what they run, and how they stop."""

import os
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra import bootstrap
from projections.answers import UnknownStream
from tests.unit.interfaces.cli.conftest import Type
from tests.unit.interfaces.cli.fakes import FakeReadSide, entered


class _Loop:
    """Runs until stopped; sends itself the signal that a supervisor would."""

    def __init__(self, number: signal.Signals) -> None:
        self._number = number
        self.stopped = False

    def run(self, stop: threading.Event) -> None:
        os.kill(os.getpid(), self._number)
        self.stopped = stop.wait(10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_relay_stops_gracefully(
    number: signal.Signals, reading: FakeReadSide, type_line: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal lets the loop end its step; the exit code is 0 and the handlers from before are back."""
    loop = _Loop(number)
    before = signal.getsignal(number)
    monkeypatch.setattr(bootstrap, "relay", lambda _: entered(loop))
    assert type_line("relay").code == 0
    assert loop.stopped
    assert signal.getsignal(number) is before
    assert reading.asked == []


@pytest.mark.parametrize(
    ("views", "units"),
    [
        ([], ["volumes", "audit_history", "trade_trail", "stream_search"]),
        (["trade_trail"], ["trade_trail"]),
        (["element_volumes", "client_volumes", "audit_history"], ["volumes", "audit_history"]),
    ],
)
def test_consume_hosts_the_units_of_the_views(
    views: list[str], units: list[str], reading: FakeReadSide, type_line: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read model is consumed with all that changes together with it, once."""
    asked: list[Any] = []
    loop = _Loop(signal.SIGTERM)

    def consumer(_: object, hosted: Sequence[str], member: str | None) -> Any:
        asked.append((list(hosted), member))
        return entered(loop)

    monkeypatch.setattr(bootstrap, "consumer", consumer)
    assert type_line("consume", *views, "--member", "a").code == 0
    assert asked == [(units, "a")]
    assert loop.stopped
    assert reading.asked == []


def test_rebuild_says_with_how_many_events_each_was_checked(
    reading: FakeReadSide, type_line: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress goes to standard error, the JSON alone to standard output."""

    class Rebuilder:
        def rebuild(self, units: Sequence[str], on_progress: Callable[[str, int, int], None]) -> list[tuple[str, int]]:
            for unit in units:
                on_progress(unit, 12, 12)
            return [(unit, 12) for unit in units]

    monkeypatch.setattr(bootstrap, "rebuilder", lambda _: entered(Rebuilder()))
    printed = type_line("rebuild", "trade_trail", "--json")
    assert printed.code == 0
    assert printed.json == {"read_models": [{"name": "trade_trail", "events": 12, "checked": True}]}
    assert "12" in type_line("rebuild").out
    assert reading.asked == []


def test_migrate_says_what_it_did(reading: FakeReadSide, type_line: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restore it asks for a new topic prefix."""
    asked: list[bool] = []

    def migrate(_: object, *, restored: bool) -> Any:
        asked.append(restored)
        return SimpleNamespace(applied=["0001_event_store.sql"], log_id="7")

    monkeypatch.setattr(bootstrap, "migrate", migrate)
    assert type_line("migrate").out == "applied 0001_event_store.sql\nlog 7\n"
    assert "LODESTONE_TOPIC_PREFIX" in type_line("migrate", "--restored").err
    assert asked == [False, True]
    assert reading.asked == []


def test_parked_list_and_retry(reading: FakeReadSide, type_line: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dead letters with their reasons; a retry of what is not parked exits 2."""
    row = {"unit": "volumes", "stream": "sale/x/1", "position": 3, "code": "event.unknown_type", "message": "no\x1b[2J"}
    parked = SimpleNamespace(**row, parked_at=datetime(2025, 6, 10, tzinfo=UTC), retry_asked=False)
    monkeypatch.setattr(reading, "parked_list", lambda: [parked], raising=False)
    shown = {**row, "parked_at": "2025-06-10T00:00:00+00:00", "retry_asked": False}
    assert type_line("parked", "list", "--json").json == {"rows": [shown]}
    assert "\x1b" not in type_line("parked", "list").out

    class Streams:
        def ask_retry(self, stream: str) -> None:
            if stream != "sale/x/1":
                raise UnknownStream(f"{stream} is not parked")

    monkeypatch.setattr(bootstrap, "parked_streams", lambda _: entered(Streams()))
    assert type_line("parked", "retry", "sale/x/1").code == 0
    refused = type_line("parked", "retry", "sale/x/2")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.endswith("[stream.unknown]\n")


def test_a_demonstration_of_too_little_is_refused_at_once(
    type_line: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generator would refuse it, with every service already started."""
    monkeypatch.chdir(tmp_path)
    printed = type_line("demo", "--sales", "19")
    assert (printed.code, printed.out) == (2, "")
    assert "[usage.wrong]" in printed.err
    assert list(tmp_path.iterdir()) == []
