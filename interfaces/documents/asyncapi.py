"""An AsyncAPI 3 document of what others can subscribe to."""

from collections.abc import Sequence
from typing import Any

from domain.event import Event
from domain.registry import EVENT_TYPES
from domain.shipment.events import ShipmentCorrected, ShipmentExported, ShipmentVoided
from interfaces.documents.described import summary
from interfaces.documents.schemas import MESSAGE

VERSION = "1.0.0"
EXPORTS: Sequence[type[Event]] = (ShipmentExported, ShipmentCorrected, ShipmentVoided)
_CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
_KEY = "what orders it: the client of a trade, else the stream itself"


def asyncapi() -> dict[str, Any]:
    """Describe the topics that carry events and their messages."""
    events = list(EVENT_TYPES.values())
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lodestone",
            "version": VERSION,
            "description": "Events of rare-earth magnet trade. Topic names may carry a prefix: docs/subscribing.md.",
        },
        "defaultContentType": _CONTENT_TYPE,
        "channels": {
            "events": _channel("lodestone.events.v1", "Every event, in order within a stream.", events),
            "exports": _channel("lodestone.exports.v1", "Exports, their corrections and voids.", EXPORTS),
        },
        "operations": {
            name: {"action": "receive", "channel": {"$ref": f"#/channels/{name}"}} for name in ("events", "exports")
        },
        "components": {"messages": {event.__name__: _message(event) for event in events}},
    }


def _channel(address: str, text: str, events: Sequence[type[Event]]) -> dict[str, Any]:
    return {
        "address": address,
        "description": text,
        "messages": {each.__name__: {"$ref": f"#/components/messages/{each.__name__}"} for each in events},
        "bindings": {"kafka": {"partitions": 12, "bindingVersion": "0.5.0"}},
    }


def _message(event: type[Event]) -> dict[str, Any]:
    schema = {"allOf": [{"$ref": MESSAGE}, {"properties": {"type": {"const": event.type}}}]}
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": summary(event),
        "contentType": _CONTENT_TYPE,
        "payload": {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": schema},
        "bindings": {"kafka": {"key": {"type": "string", "description": _KEY}, "bindingVersion": "0.5.0"}},
    }
