"""The documents that come from the models are those that lie in docs/, and they are valid."""

import json
from pathlib import Path
from typing import Any

import pytest
from asyncapi3.models.asyncapi import AsyncAPI3
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from domain.event import Frozen
from domain.registry import EVENT_TYPES
from interfaces.documents.described import PARTS, descriptions, summary
from interfaces.documents.schemas import MESSAGE, all_schemas
from interfaces.documents.write import FOLDER, documents

SAMPLES = sorted((Path(__file__).parent / "events").glob("*.json"))
MODELS: list[type[Frozen]] = [*EVENT_TYPES.values(), *PARTS]


@pytest.mark.parametrize("name", list(documents()))
def test_the_page_is_what_the_models_say(name: str) -> None:
    """Otherwise: make docs."""
    assert (FOLDER / name).read_text(encoding="utf-8") == documents()[name]


def test_no_schema_is_left_over() -> None:
    """Every file in the folder comes from the models."""
    found = {str(path.relative_to(FOLDER)) for path in (FOLDER / "schemas").rglob("*.json")}
    assert found == {name for name in documents() if name.startswith("schemas/")}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_described(model: type[Frozen]) -> None:
    """In words, and the event as a whole."""
    assert set(descriptions(model)) == set(model.model_fields)
    assert summary(model).endswith(".")


@pytest.mark.parametrize("name", list(all_schemas()))
def test_every_schema_is_one(name: str) -> None:
    """By the meta-schema of its dialect; and every reference leads to another of them."""
    schema = json.loads((FOLDER / "schemas" / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert _references(schema) <= {*all_schemas(), *(f"#/$defs/{part}" for part in schema.get("$defs", {}))}


@pytest.mark.parametrize(
    "sample", sorted((Path(__file__).parent / "events").glob("*.json")), ids=lambda path: path.stem
)
def test_every_sample_is_as_its_schema_says(sample: Path) -> None:
    """Of every event, and not of any other."""
    data = json.loads(sample.read_bytes())
    kinds = {name for name in all_schemas() if name != MESSAGE and _validator(name).is_valid(data)}
    assert f"events/{sample.name}" in kinds
    assert len(kinds) <= len(EVENT_TYPES) // 4


def test_the_asyncapi_document_is_valid() -> None:
    """By the object model of AsyncAPI 3; every channel names messages that there are."""
    text = (FOLDER / "schemas" / "asyncapi.json").read_text(encoding="utf-8")
    document = AsyncAPI3.model_validate_json(text)
    assert document.asyncapi == "3.0.0"
    plain = json.loads(text)
    for channel in plain["channels"].values():
        for name, message in channel["messages"].items():
            assert message["$ref"] == f"#/components/messages/{name}"
            assert name in plain["components"]["messages"]
    assert {each["name"] for each in plain["components"]["messages"].values()} == set(EVENT_TYPES)
    assert len(plain["channels"]["events"]["messages"]) == len(EVENT_TYPES)


def test_a_message_with_wrong_data_is_refused_by_the_schema() -> None:
    """The message's schema looks into the data by the type that the message names."""
    validator = message_validator(FOLDER / "schemas")
    message = _message("exporter.suspended", {"violations": [], "uscc": "9" * 18, "standing_no": 1, "reason": "r"})
    assert validator.is_valid(message)
    assert not validator.is_valid({**message, "data": {**message["data"], "standing_no": "1"}})
    assert not validator.is_valid({**message, "type": "exporter.registered"})
    assert not validator.is_valid({**message, "position": 1})


def message_validator(folder: Path) -> Draft202012Validator:
    """Make a validator of messages from the files in a folder."""
    schemas = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in all_schemas()}
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents(schema)) for name, schema in schemas.items()]
    )
    return Draft202012Validator(schemas[MESSAGE], registry=registry)


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / "schemas" / name).read_text(encoding="utf-8")))


def _message(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    some_id = "0197575b-ccc0-7ed0-b930-8eb00776c086"
    return {
        "specversion": "1.0",
        "id": some_id,
        "type": kind,
        "source": f"urn:uuid:{some_id}",
        "subject": "s",
        "time": "2025-06-10T01:02:03Z",
        "datacontenttype": "application/json",
        "position": "2",
        "previous": "0",
        "version": "1",
        "schemaversion": 1,
        "occurredat": "2025-06-10T01:02:03Z",
        "commandid": some_id,
        "correlationid": some_id,
        "data": data,
    }


def _references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"]} if "$ref" in schema else set()
        return own.union(*(_references(each) for each in schema.values()))
    return set().union(*(_references(each) for each in schema)) if isinstance(schema, list) else set()
