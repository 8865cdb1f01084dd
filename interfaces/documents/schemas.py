"""JSON Schemas (draft 2020-12) of every event's data, and of the message that carries it."""

from collections.abc import Mapping
from typing import Any

from domain.event import Event
from domain.registry import EVENT_TYPES
from interfaces.documents.described import descriptions, summary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MESSAGE = "message.json"
_DIGITS = {"type": "string", "pattern": "^[1-9][0-9]*$"}
_UUID = {"type": "string", "format": "uuid"}
_MOMENT = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string"}


def schema_name(event: type[Event]) -> str:
    """Name the file of an event's schema, from the folder of schemas."""
    return f"events/{event.type}.v{event.schema_version}.json"


def all_schemas() -> Mapping[str, dict[str, Any]]:
    """Give every schema under its name."""
    events = {schema_name(event): event_schema(event) for event in EVENT_TYPES.values()}
    return {MESSAGE: message_schema(), **events}


def event_schema(event: type[Event]) -> dict[str, Any]:
    """Describe an event's data as it is written: every field stands there."""
    schema = event.model_json_schema(mode="serialization")
    schema["required"] = list(event.model_fields)
    for name, text in descriptions(event).items():
        schema["properties"][name] = {**schema["properties"][name], "description": text}
    named = {"$schema": DIALECT, "title": f"{event.type}, schema version {event.schema_version}"}
    return {**schema, **named, "description": summary(event)}


def message_schema() -> dict[str, Any]:
    """Describe a message: a CloudEvents 1.0 object in structured mode, whose data is one of the events'."""
    return {
        "$schema": DIALECT,
        "title": "A message of lodestone.events.v1 or lodestone.exports.v1",
        "description": "CloudEvents 1.0 in structured mode. `previous` is missing where there is no partition.",
        "type": "object",
        "required": [name for name in _attributes() if name not in _OPTIONAL],
        "properties": _attributes(),
        "additionalProperties": False,
        "allOf": [_data_of(event) for event in EVENT_TYPES.values()],
    }


_OPTIONAL = {"previous", "causationid", "actor", "actorrole", "actororg"}


def _attributes() -> dict[str, Any]:
    return {
        "specversion": {"const": "1.0"},
        "id": {**_UUID, "description": "event_id, a UUIDv7."},
        "type": {"enum": list(EVENT_TYPES), "description": "permanent name of what happened."},
        "source": {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$", "description": "the log."},
        "subject": {**_TEXT, "description": "the stream, such as sale/<uscc>/<contract_no>."},
        "time": {**_MOMENT, "description": "recorded_at, by the database's clock."},
        "datacontenttype": {"const": "application/json"},
        "position": {**_DIGITS, "description": "place in the whole log, gapless, from 1."},
        "previous": {
            "type": "string",
            "pattern": "^(0|[1-9][0-9]*)$",
            "description": "position of the message before it in the same topic and partition, 0 for the first.",
        },
        "version": {**_DIGITS, "description": "place in the stream, from 1."},
        "schemaversion": {"type": "integer", "minimum": 1, "description": "version of the schema of `data`."},
        "occurredat": {**_MOMENT, "description": "business time; a business date is its midnight in Asia/Shanghai."},
        "actor": {**_TEXT, "description": "who filed it."},
        "actorrole": {**_TEXT, "description": "in which capacity."},
        "actororg": {**_TEXT, "description": "for whom."},
        "commandid": {**_UUID, "description": "the filing: the same content from the same source has the same."},
        "correlationid": {**_UUID, "description": "ties together what one job caused."},
        "causationid": {**_UUID, "description": "what caused this event, if another did."},
        "data": {"type": "object", "description": "what happened, byte for byte as stored."},
    }


def _data_of(event: type[Event]) -> dict[str, Any]:
    of_type = {"type": {"const": event.type}, "schemaversion": {"const": event.schema_version}}
    return {"if": {"properties": of_type}, "then": {"properties": {"data": {"$ref": schema_name(event)}}}}
