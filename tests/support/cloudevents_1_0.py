"""What makes a Kafka record a valid CloudEvent.

After CloudEvents 1.0.2 (https://github.com/cloudevents/spec/tree/v1.0.2): `spec.md` for attributes and their types,
`formats/json-format.md` for the object, `bindings/kafka-protocol-binding.md` (3.3, structured mode) for the record.
"""

import json
import re
from datetime import datetime
from typing import Any

from tests.support.subscriber import Received

_REQUIRED = {"id", "source", "specversion", "type"}
_OPTIONAL = {"datacontenttype", "dataschema", "subject", "time"}
_PAYLOAD = {"data", "data_base64"}
# RFC 3986: a URI with its scheme, of the characters that need no escape.
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
# RFC 3339, with the offset that it requires.
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_NAME = re.compile(r"[a-z0-9]{1,20}")
_INT32 = 2**31
_DISALLOWED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def the_event(received: Received) -> dict[str, Any]:
    """Read a record as a CloudEvent; an assertion fails where the specification is not met."""
    assert received.content_type.partition(";")[0] == "application/cloudevents+json"
    event = json.loads(received.value, object_pairs_hook=_unique)
    assert isinstance(event, dict)
    assert set(event) >= _REQUIRED
    assert event["specversion"] == "1.0"
    assert _URI.fullmatch(event["source"])
    assert len(_PAYLOAD & set(event)) <= 1
    for name, value in event.items():
        if name not in _PAYLOAD:
            _check_attribute(name, value)
    if "time" in event:
        _check_timestamp(event["time"])
    if "datacontenttype" in event:
        assert event["datacontenttype"] == "application/json"
    return event


def _check_attribute(name: str, value: Any) -> None:
    assert _NAME.fullmatch(name), name
    if name in _REQUIRED | _OPTIONAL:
        assert isinstance(value, str), name
    if isinstance(value, str):
        assert value, name
        assert not _DISALLOWED.search(value), name
    else:
        assert isinstance(value, bool | int), name
        assert -_INT32 <= value < _INT32, name


def _check_timestamp(text: str) -> None:
    assert _TIMESTAMP.fullmatch(text)
    assert datetime.fromisoformat(text).tzinfo is not None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), "a member stands twice in an object"
    return found
