"""A look-alike accepts no more than its event class does, and gives the same where it accepts."""

import json
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Annotated, Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from domain.event import Event, Frozen
from domain.registry import EVENT_TYPES, MalformedEvent, decode
from projections.decoding import Decoder
from projections.lookalikes import Lookalikes, lookalikes_of
from projections.ports import Unprojectable
from tests.support.envelopes import an_event

SAMPLES = {path.stem: path.read_bytes() for path in (Path(__file__).parents[1] / "golden" / "events").glob("*.json")}
CURRENT = [f"{event.type}.v{event.schema_version}" for event in EVENT_TYPES.values()]
READERS = {name: msgspec.json.Decoder(lookalike) for name, lookalike in lookalikes_of(EVENT_TYPES).items()}

# What forms draw lines through: bounds, kinds of numbers, ends of patterns, dates that are and are not.
EDGES: list[Any] = [
    *(None, True, 0, -1, 1, 999, 1000, 2**31 - 1, 2**31, 2**53 - 1, 2**53, -(2**53), 1.0, 0.5, 10**30, ""),
    *("A", "Nd", "nd", "Xx", "Nd\n", "sold", "DE", "2024-02-29", "2023-02-29", "2024-1-1", "0000-01-01"),
    *("2024-05-03T00:00:00", "20240503", "9" * 18, "9" * 18 + "\n", "9" * 19, "\uff19" * 18, "\0", "a\u2028b"),
    *([], {}, [1], {"Nd": 1}, {"Nd\n": 1}, {"": 1}, {"Nd": 2**31}),
]
ANYTHING = st.sampled_from(EDGES).map(deepcopy) | st.text(max_size=20) | st.integers()


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, each in inner for place in _places(each, (*path, name)))]


@st.composite
def changed_samples(draw: st.DrawFn) -> tuple[str, bytes]:
    """A golden sample with some places replaced, added or dropped, or with some bytes changed."""
    name = draw(st.sampled_from(CURRENT))
    kind = name.rpartition(".v")[0]
    facts = json.loads(SAMPLES[name])
    for _ in range(draw(st.integers(0, 3))):
        *way, last = draw(st.sampled_from(_places(facts)[1:] or [("more",)]))
        holder = reduce(getitem, way, facts)
        change = draw(st.sampled_from(["replace", "replace", "replace", "drop", "add"]))
        if change == "replace":
            holder[last] = draw(ANYTHING)
        elif change == "drop":
            del holder[last]
        elif isinstance(holder, dict):
            holder[draw(st.text(max_size=3))] = draw(ANYTHING)
    data = json.dumps(facts, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 1))):
        start = draw(st.integers(0, len(data)))
        data = data[:start] + draw(st.binary(max_size=2)) + data[start + draw(st.integers(0, 2)) :]
    return kind, data


def _plain(value: Any) -> Any:
    return json.loads(msgspec.json.encode(value))


def assert_equal(lookalike: Event, original: Event) -> None:
    """Compare all that a fold can ask of an event."""
    assert _plain(lookalike) == original.model_dump(mode="json")
    assert [_plain(each) for each in lookalike.movements] == [
        each.model_dump(mode="json") for each in original.movements
    ]
    for name in ("type", "schema_version", "stream", "key", "business_date"):
        assert getattr(lookalike, name) == getattr(original, name)


@pytest.mark.parametrize("name", CURRENT)
def test_golden_samples_are_read_by_the_lookalike_itself(name: str) -> None:
    """Else everything would be right and slow."""
    kind = name.rpartition(".v")[0]
    lookalike = cast("Event", READERS[kind].decode(SAMPLES[name]))
    assert_equal(lookalike, decode(kind, EVENT_TYPES[kind].schema_version, SAMPLES[name]))


@pytest.mark.parametrize("name", CURRENT)
def test_every_edge_in_every_place(name: str) -> None:
    """Whatever stands there: what the look-alike accepts the original accepts."""
    for *way, last in _places(json.loads(SAMPLES[name]))[1:]:
        for edge in EDGES:
            facts = json.loads(SAMPLES[name])
            reduce(getitem, way, facts)[last] = edge
            assert_no_more_than_the_original(name.rpartition(".v")[0], json.dumps(facts).encode())


@given(changed_samples())
def test_what_a_lookalike_accepts_its_original_accepts(sample: tuple[str, bytes]) -> None:
    """With an equal dump, equal movements and equal names."""
    assert_no_more_than_the_original(*sample)


def assert_no_more_than_the_original(kind: str, data: bytes) -> None:
    """Read with the look-alike, and what it accepts with the original."""
    try:
        lookalike = cast("Event", READERS[kind].decode(data))
    except ValueError:
        return
    assert_equal(lookalike, decode(kind, EVENT_TYPES[kind].schema_version, data))


@given(changed_samples())
def test_a_decoder_says_what_the_registry_says(sample: tuple[str, bytes]) -> None:
    """The look-alike is no judge: with it or without it the same events can be folded, or not for the same reason."""
    kind, data = sample
    assert _by_decoder(kind, data) == _by_registry(kind, data)


def _by_registry(kind: str, data: bytes) -> Any:
    try:
        event = decode(kind, 1, data)
    except MalformedEvent as refusal:
        return (refusal.code, refusal.message)
    if any("\0" in text for text in _strings(event.model_dump())):
        return ("event.unstorable", "a text contains a NUL character")
    return event.model_dump(mode="json")


def _by_decoder(kind: str, data: bytes) -> Any:
    try:
        event = Decoder().event(an_event(1, kind=kind)._replace(data=data))
    except Unprojectable as refusal:
        return (refusal.code, str(refusal))
    return event.model_dump(mode="json") if isinstance(event, Event) else _plain(event)


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for each in pair for text in _strings(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


def test_a_kind_of_field_without_a_counterpart_is_an_error() -> None:
    """Whoever adds one says first what it means here."""

    class Odd(Frozen):
        share: Annotated[float, Field(ge=0)]

    class Long(Frozen):
        name: Annotated[str, Field(max_length=3)]

    for model in (Odd, Long):
        with pytest.raises(TypeError):
            Lookalikes().of(model)
