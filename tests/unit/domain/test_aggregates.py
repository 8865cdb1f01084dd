"""Every aggregate takes in every event without raising, and only its own change it."""

from pathlib import Path

import pytest

from domain.aggregates import STATES, evolve, initial
from domain.event import Event
from domain.registry import EVENT_TYPES, decode
from domain.streams import kind_of

SAMPLES = Path(__file__).parents[2] / "golden" / "events"


def _sample(event_type: type[Event]) -> Event:
    path = SAMPLES / f"{event_type.type}.v{event_type.schema_version}.json"
    return decode(event_type.type, event_type.schema_version, path.read_bytes())


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_an_event_changes_its_own_aggregate_alone(name: str) -> None:
    """Also as the first of its stream, where nothing is known before it."""
    event = _sample(EVENT_TYPES[name])
    own = kind_of(event.stream)
    for kind, state_type in STATES.items():
        state = initial(f"{kind}/x")
        after = evolve(state, event)
        assert isinstance(after, state_type)
        assert (after != state) == (kind == own and name != "sale.draw_released"), kind


@pytest.mark.parametrize("kind", sorted(STATES))
def test_any_order_of_events_can_be_folded(kind: str) -> None:
    """What decisions would never record in this order is taken in all the same, twice."""
    events = [each for name in sorted(EVENT_TYPES) if kind_of((each := _sample(EVENT_TYPES[name])).stream) == kind]
    state = initial(f"{kind}/x")
    for event in [*events, *reversed(events)]:
        state = evolve(state, event)
    assert state != initial(f"{kind}/x")


def test_a_stream_of_no_aggregate_has_no_state() -> None:
    """Nothing is guessed."""
    with pytest.raises(KeyError):
        initial("party/x")
