"""Reading the log again: both ends included, nothing newer than the call, cut by time and type."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from application.ports import EventLog
from application.replay import replay
from domain.envelope import Actor, Envelope, utc_text

_START = datetime(2025, 6, 10, tzinfo=UTC)
_TYPES = ("sale.recorded", "shipment.exported", "sale.drawn")


def _event(position: int) -> Envelope:
    return Envelope(
        position=position,
        stream="sale/x/1",
        version=position,
        key="client/x/1",
        event_id=str(UUID(int=position)),
        type=_TYPES[position % 3],
        schema_version=1,
        occurred_at=utc_text(_START),
        # Two events a second share one time, as the events of one command do.
        recorded_at=utc_text(_START + timedelta(seconds=position // 2)),
        actor=Actor("a", "exporter", "o"),
        command_id=str(UUID(int=position)),
        correlation_id=str(UUID(int=1)),
        causation_id=None,
        data=b"{}",
    )


class _Log:
    """As much of a log as a replay reads; it grows by one event with every page."""

    def __init__(self, head: int) -> None:
        self.events = [_event(position) for position in range(1, head + 1)]

    def head(self) -> int:
        return len(self.events)

    def read(self, after: int, limit: int, until: int | None = None) -> Sequence[Envelope]:
        page = [each for each in self.events if each.position > after and (until is None or each.position <= until)]
        self.events.append(self.events[-1]._replace(position=len(self.events) + 1))
        return page[:limit]


def _positions(log: _Log, **cut: Any) -> list[int]:
    return [each.position for each in replay(cast("EventLog", log), **cut)]


@pytest.mark.parametrize("head", [0, 1, 999, 1000, 1001, 2500])
def test_everything_up_to_the_head_as_it_was(head: int) -> None:
    """Pages join without a gap or a repetition, and what is appended meanwhile is left out."""
    assert _positions(_Log(head)) == list(range(1, head + 1))


def test_both_ends_are_included() -> None:
    """From 3 to 5 is 3, 4 and 5; an end beyond the head is the head."""
    assert _positions(_Log(10), first=3, last=5) == [3, 4, 5]
    assert _positions(_Log(10), first=9, last=99) == [9, 10]
    assert _positions(_Log(10), first=6, last=5) == []
    assert _positions(_Log(10), first=11) == []


def test_until_keeps_what_was_recorded_at_that_very_moment() -> None:
    """Positions 4 and 5 share the time that is asked for."""
    assert _positions(_Log(10), until=_START + timedelta(seconds=2)) == [1, 2, 3, 4, 5]
    assert _positions(_Log(10), until=_START - timedelta(seconds=1)) == []


def test_types_are_chosen_across_pages() -> None:
    """A page without any event of the type does not end the replay."""
    log = _Log(2500)
    expected = [each.position for each in log.events if each.type in {"sale.drawn", "sale.recorded"}]
    assert _positions(log, types=["sale.drawn", "sale.recorded"]) == expected
    assert len(expected) > 1000
