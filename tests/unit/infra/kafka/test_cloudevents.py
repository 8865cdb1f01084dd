"""An event travels as one CloudEvents JSON object and comes back the same."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Actor
from infra.kafka.cloudevents import NotOurEvent, decode, encode
from tests.support.consuming import LOG_ID
from tests.support.envelopes import an_event

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


def test_the_attributes_are_those_of_cloudevents_1_0() -> None:
    """Positions and versions as strings of digits, the dotted type as it is, the log as source."""
    event = replace(an_event(2**40, "shipment/ABC"), causation_id=uuid4())
    assert json.loads(encode(event, 7, LOG_ID)) == {
        "specversion": "1.0",
        "id": str(event.event_id),
        "type": "sale.recorded",
        "source": f"urn:uuid:{LOG_ID}",
        "subject": "shipment/ABC",
        "time": event.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datacontenttype": "application/json",
        "position": str(2**40),
        "previous": "7",
        "version": str(2**40),
        "schemaversion": 1,
        "occurredat": event.occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": "li.wei",
        "actorrole": "exporter",
        "actororg": "Fictitious Magnets",
        "commandid": str(event.command_id),
        "correlationid": str(event.correlation_id),
        "causationid": str(event.causation_id),
        "data": {"n": 2**40},
    }


def test_data_travels_byte_for_byte() -> None:
    """Even where JSON would allow other bytes for the same value."""
    data = b'{"name":"\\u0007\xe7\xa3\x81\xe9\x93\x81","n":1}'
    event = replace(an_event(1), data=data)
    value = encode(event, 0, LOG_ID)
    assert data in value
    assert decode(value, event.key).event.data == data


@given(TEXT, TEXT, st.text(max_size=10), st.integers(0, 2**62))
def test_what_is_encoded_is_decoded(stream: str, actor: str, organisation: str, previous: int) -> None:
    """Whatever the texts, the empty ones included."""
    event = replace(an_event(3, stream, key="k"), actor=Actor(actor, "exporter", organisation))
    decoded = decode(encode(event, previous, LOG_ID), "k")
    assert (decoded.event, decoded.previous, decoded.source) == (event, previous, LOG_ID)


def test_the_same_event_gives_the_same_bytes_whatever_the_offset_of_its_times() -> None:
    """A database answers in the session's time zone; the bytes do not depend on it."""
    event = an_event(3)
    shanghai = timezone(timedelta(hours=8))
    moved = replace(event, occurred_at=event.occurred_at.astimezone(shanghai))
    assert encode(moved, None, LOG_ID) == encode(event, None, LOG_ID)
    assert b"previous" not in encode(event, None, LOG_ID)
    assert isinstance(decode(encode(moved, None, LOG_ID), "k").event.occurred_at, datetime)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"position":"3"', b'"position":"-3"'),
        (b'"position":"3"', b'"position":3'),
        (b'"source":"urn:uuid:', b'"source":"https:'),
        (b'"specversion":"1.0"', b'"specversion":1'),
        (b'"subject"', b'"object"'),
        (b"}}", b"}"),
    ],
)
def test_what_is_not_ours_is_refused(old: bytes, new: bytes) -> None:
    """A record of any other form raises, and nothing else does."""
    value = encode(an_event(3), 0, LOG_ID)
    assert old in value
    with pytest.raises(NotOurEvent):
        decode(value.replace(old, new), "k")
