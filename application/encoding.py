"""Canonical JSON (RFC 8785) at the speed of C, for values that hold no fraction and no integer beyond 2^53-1.

``domain.canonical`` says what canonical JSON is and checks every value. Events and commands cannot hold what it
refuses (their forms see to that), and every name in them is ASCII, so sorting by code points is sorting by UTF-16
code units. A property test compares the two.
"""

from typing import Any

import msgspec
from pydantic_core import to_jsonable_python

from application.ports import MAX_DATA_BYTES, EventTooLarge, NewEvent
from domain.event import Event, Frozen

_ENCODER = msgspec.json.Encoder(order="sorted")


def encode_value(value: Any) -> bytes:
    """Write a value made of texts, integers, booleans, None, lists and dicts."""
    return _ENCODER.encode(value)


def encode_event(event: Event) -> bytes:
    """Write an event's facts, the same bytes as ``domain.registry.encode``."""
    return _ENCODER.encode(to_jsonable_python(event))


def data_of(new: NewEvent) -> bytes:
    """Give the canonical JSON of an event that is to be appended, written already or not.

    Raises:
        EventTooLarge: ``filing.too_large``.
    """
    data = encode_event(new.event) if new.data is None else new.data
    if len(data) > MAX_DATA_BYTES:
        raise EventTooLarge(f"an event of {new.event.stream} exceeds 4 MiB; file it in parts")
    return data


def content_of(command: Frozen) -> dict[str, Any]:
    """Give what a command states as JSON values."""
    return command.model_dump(mode="json")
