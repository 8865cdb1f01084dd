"""One frozen sample for each type and schema version: what was written once can be read for ever."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from domain.event import Event
from domain.registry import (
    EVENT_TYPES,
    MalformedEvent,
    UnknownEventType,
    UnknownSchemaVersion,
    decode,
    encode,
)

SAMPLES = Path(__file__).parent / "events"
FORMS = Path(__file__).parent / "forms.json"
CURRENT = {f"{event.type}.v{event.schema_version}": event for event in EVENT_TYPES.values()}
NAMES = sorted(path.stem for path in SAMPLES.glob("*.json"))


def test_every_type_and_version_has_a_sample() -> None:
    """Also the versions before the current one."""
    versions = {
        f"{event.type}.v{number}" for event in CURRENT.values() for number in range(1, event.schema_version + 1)
    }
    assert set(NAMES) == versions


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read(name: str) -> None:
    """By its type and version; upcast where it is an old one."""
    kind, _, version = name.rpartition(".v")
    event = decode(kind, int(version), _sample(name))
    assert type(event) is EVENT_TYPES[kind]


@pytest.mark.parametrize("name", sorted(CURRENT))
def test_a_current_sample_is_written_back_byte_for_byte(name: str) -> None:
    """Canonical JSON: sorted names, no blanks, every field."""
    event = decode(CURRENT[name].type, CURRENT[name].schema_version, _sample(name))
    assert encode(event) == _sample(name)
    plain = json.loads(_sample(name))
    assert _sample(name) == json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert set(plain) == set(CURRENT[name].model_fields)


@pytest.mark.parametrize("name", sorted(CURRENT))
def test_a_form_never_changes_without_a_new_version(name: str) -> None:
    """What an event may hold is frozen with its version; a new form is a new version with an upcaster."""
    frozen = json.loads(FORMS.read_text(encoding="utf-8"))
    assert set(frozen) == set(CURRENT)
    assert frozen[name] == form_of(CURRENT[name])


@pytest.mark.parametrize("name", sorted(CURRENT))
def test_what_is_not_of_the_form_is_refused(name: str) -> None:
    """A field too many, one too few, and text that is no JSON."""
    event = CURRENT[name]
    plain = json.loads(_sample(name))
    fewer = {key: value for key, value in plain.items() if key not in _required(event)[:1]}
    for data in (json.dumps({**plain, "more": 1}), json.dumps(fewer), "{", "[]", '{"a": NaN}'):
        with pytest.raises(MalformedEvent) as refused:
            decode(event.type, event.schema_version, data.encode())
        assert refused.value.code == "event.malformed"


@pytest.mark.parametrize(("kind", "version"), [("os:system", 1), ("sale.Recorded", 1), ("", 1), ("domain.sale", 1)])
def test_an_unknown_type_is_refused(kind: str, version: int) -> None:
    """A name is looked up and never imported."""
    with pytest.raises(UnknownEventType) as refused:
        decode(kind, version, b"{}")
    assert refused.value.code == "event.unknown_type"


@pytest.mark.parametrize("version", [0, -1, 99])
def test_a_version_from_elsewhere_is_refused(version: int) -> None:
    """Newer than this program, or none at all."""
    with pytest.raises(UnknownSchemaVersion) as refused:
        decode("sale.recorded", version, b"{}")
    assert refused.value.code == "event.unknown_version"


def test_old_versions_are_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each upcaster knows its own step alone, and gets what the one before it gave."""
    monkeypatch.setattr(EVENT_TYPES["exporter.suspended"], "schema_version", 3)
    steps = {
        ("exporter.suspended", 1): lambda data: {**data, "reason": data["reason"] + ", one"},
        ("exporter.suspended", 2): lambda data: {**data, "reason": data["reason"] + ", two"},
    }
    old = _sample("exporter.suspended.v1")
    event = decode("exporter.suspended", 1, old, upcasters=steps)
    assert event.model_dump()["reason"] == json.loads(old)["reason"] + ", one, two"


def form_of(event: type[Event]) -> str:
    """Give a digest of what an event may hold: its JSON Schema without words."""
    return hashlib.sha256(json.dumps(_bare(event.model_json_schema()), sort_keys=True).encode()).hexdigest()


def _bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _bare(value) for key, value in schema.items() if key not in {"description", "title"}}
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema


def _required(event: type[Event]) -> list[str]:
    return [name for name, field in event.model_fields.items() if field.is_required()]


def _sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()
