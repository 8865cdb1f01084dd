"""An event travels as one CloudEvents JSON object and comes back the same."""

import json
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Actor, moment_of, utc_text
from infra.kafka.cloudevents import NotOurEvent, decode, encode
from tests.support.consuming import LOG_ID
from tests.support.envelopes import an_event

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


def test_the_attributes_are_those_of_cloudevents_1_0() -> None:
    """Positions and versions as strings of digits, the dotted type as it is, the log as source."""
    event = an_event(2**40, "shipment/ABC")._replace(
        causation_id=str(uuid4()), recorded_at="2025-06-10T01:02:04.000000Z"
    )
    assert json.loads(encode(event, 7, LOG_ID)) == {
        "specversion": "1.0",
        "id": str(event.event_id),
        "type": "sale.recorded",
        "source": f"urn:uuid:{LOG_ID}",
        "subject": "shipment/ABC",
        "time": "2025-06-10T01:02:04.000000Z",
        "datacontenttype": "application/json",
        "position": str(2**40),
        "previous": "7",
        "version": str(2**40),
        "schemaversion": 1,
        "occurredat": "2025-06-09T01:02:03.456789Z",
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
    event = an_event(1)._replace(data=data)
    value = encode(event, 0, LOG_ID)
    assert data in value
    assert decode(value, event.key).event.data == data


@given(TEXT, TEXT, st.text(max_size=10), st.integers(0, 2**62))
def test_what_is_encoded_is_decoded(stream: str, actor: str, organisation: str, previous: int) -> None:
    """Whatever the texts, the empty ones included."""
    event = an_event(3, stream, key="k")._replace(actor=Actor(actor, "exporter", organisation))
    decoded = decode(encode(event, previous, LOG_ID), "k")
    assert (decoded.event, decoded.previous, decoded.source) == (event, previous, LOG_ID)


def test_the_predecessor_is_left_out_where_there_is_no_partition() -> None:
    """As in a replay, whose bytes are the same each time."""
    event = an_event(3)
    assert encode(event, None, LOG_ID) == encode(event, None, LOG_ID)
    assert b"previous" not in encode(event, None, LOG_ID)
    assert decode(encode(event, None, LOG_ID), event.key).previous is None


def test_a_time_is_written_in_utc_whatever_its_offset() -> None:
    """With six decimals, so that text sorts as time does; read back it is the same moment."""
    moment = datetime(2025, 6, 10, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    assert utc_text(moment) == "2025-06-10T01:00:00.000000Z"
    assert moment_of(utc_text(moment)) == moment


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"position":"3"', b'"position":"-3"'),
        (b'"position":"3"', b'"position":3'),
        (b'"source":"urn:uuid:', b'"source":"https:'),
        (b'"specversion":"1.0"', b'"specversion":1'),
        (b'"subject"', b'"object"'),
        (b"}}", b"}"),
        (b'{"n":3}', b"[" * 100_000 + b"]" * 100_000),
    ],
)
def test_what_is_not_ours_is_refused(old: bytes, new: bytes) -> None:
    """A record of any other form raises, and nothing else does."""
    value = encode(an_event(3), 0, LOG_ID)
    assert old in value
    with pytest.raises(NotOurEvent):
        decode(value.replace(old, new), "k")
