"""The page on events, from the models."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.event import Event, Frozen
from domain.registry import EVENT_TYPES
from interfaces.documents.described import PARTS, descriptions, summary

_HEAD = """# Events

Every event that Lodestone records. This page is written by `make docs` from the models in `domain/`, and a test holds
it against them. The schemas are in [schemas/](schemas/); how to receive events stands in
[subscribing.md](subscribing.md).

An event is a fact, named by a permanent dotted type, and never changes. What was wrongly filed is voided or corrected
by a later event, which carries in `reverses` every entry that it takes back: no reader has to look further than the
event itself.

* Mass is whole milligrams (`net_mg`). Composition is whole parts per million by mass for each element (`ppm`).
  Nanograms of an element are `net_mg * ppm`, exactly, and are never stored.
* Dates are business dates in Asia/Shanghai. Countries are ISO 3166-1 alpha-2. `uscc` and `exporter` are unified
  social credit codes (GB 32100-2015), `lei` is ISO 17442, container numbers are ISO 6346.
* `data` is canonical JSON (RFC 8785). Every field is written, also when it is null or empty.

## The envelope

| field | in a message | meaning |
|---|---|---|
| `position` | `position` | place in the whole log, gapless, from 1 |
| `stream` | `subject` | the aggregate by its natural key, such as `sale/<uscc>/<contract_no>` |
| `version` | `version` | place in the stream, from 1 |
| `key` | the record's key | orders it in Kafka: the client that the stream's first event names, else the stream |
| `event_id` | `id` | UUIDv7 |
| `type`, `schema_version` | `type`, `schemaversion` | what happened, and the version of its form |
| `occurred_at` | `occurredat` | business time: midnight of a business date in Asia/Shanghai, else the time of filing |
| `recorded_at` | `time` | the database's clock; never decreases with the position, one value a command |
| `actor` | `actor`, `actorrole`, `actororg` | who filed it, in which role, for whom; left out where empty |
| `command_id` | `commandid` | the filing: the same content from the same source has the same |
| `correlation_id`, `causation_id` | `correlationid`, `causationid` | the job it is part of, and what caused it |
| | `source` | `urn:uuid:` and the identity of the log |
| | `previous` | position of the message before it in the same topic and partition, 0 for the first |
| `data` | `data` | what happened, as below |

`position`, `previous` and `version` are strings of digits in a message: a CloudEvents integer has 32 bits.

Streams are `exporter/<uscc>`, `client/<uscc>/<client_ref>`, `grade/<name>`, `sale/<uscc>/<contract_no>` and
`shipment/<declaration_no>`; the key is the last part, whatever it contains.
"""
_TABLE = "| field | type | meaning |\n|---|---|---|\n"
_NAMES: Mapping[str, str] = {"string": "text", "integer": "whole number", "boolean": "yes or no"}


def events_page() -> str:
    """Write the page."""
    events = "\n".join(_event_section(event) for event in EVENT_TYPES.values())
    parts = "\n".join(_section("###", part.__name__, part) for part in PARTS)
    return f"{_HEAD}\n## Types\n\n{events}\n## Parts of events\n\n{parts}"


def _event_section(event: type[Event]) -> str:
    return _section("###", f"`{event.type}`, version {event.schema_version}", event)


def _section(level: str, title: str, model: type[Frozen]) -> str:
    return f"{level} {title}\n\n{summary(model)}\n\n{_TABLE}{''.join(_rows(model))}"


def _rows(model: type[Frozen]) -> Iterator[str]:
    properties: Mapping[str, Any] = model.model_json_schema(mode="serialization")["properties"]
    meaning = descriptions(model)
    for name in model.model_fields:
        yield f"| `{name}` | {_type_of(properties[name])} | {meaning[name].replace('``', '`')} |\n"


def _type_of(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "anyOf" in schema:
        return " or ".join(_type_of(each) for each in schema["anyOf"])
    if "const" in schema:
        return f'`"{schema["const"]}"`'
    if "enum" in schema:
        return ", ".join(f'`"{each}"`' for each in schema["enum"])
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "array":
            return f"list of {_type_of(schema['items'])}"
        case "object":
            values: Sequence[Mapping[str, Any]] = list(schema.get("patternProperties", {}).values())
            return f"element to {_type_of(values[0])}" if values else "object"
        case "null":
            return "null"
        case kind:
            return schema.get("format") or _NAMES[str(kind)]
