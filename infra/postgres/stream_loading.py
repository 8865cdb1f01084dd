"""Folding streams into aggregates, with snapshots of those that have grown long."""

import hashlib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent
from psycopg import Connection

from application.ports import Loaded
from domain.aggregates import STATES, State, evolve, initial
from domain.canonical import canonical_json
from domain.streams import kind_of
from infra.postgres.mapper import RegistryMapper, VersionedStoredEvent

_LOAD = """
SELECT wanted.stream, n.version, n.form, n.state, e.version, e.type, e.schema_version, e.data
FROM unnest(%s::text[]) AS wanted (stream)
LEFT JOIN lodestone.snapshots n ON n.stream = wanted.stream AND n.form = ANY(%s)
LEFT JOIN lodestone.events e ON e.stream = wanted.stream AND e.version > coalesce(n.version, 0)
WHERE e.version IS NOT NULL OR n.version IS NOT NULL
ORDER BY wanted.stream, e.version
"""
_SAVE = """
INSERT INTO lodestone.snapshots (stream, version, form, state) VALUES (%s, %s, %s, %s)
ON CONFLICT (stream) DO UPDATE SET version = excluded.version, form = excluded.form, state = excluded.state
"""


@cache
def form_of(kind: str) -> str:
    """Fingerprint a state's schema and the code that folds: what others made is ignored, and the stream folded anew."""
    code = folding_code(Path(str(files("domain"))))
    return hashlib.sha256(canonical_json(STATES[kind].model_json_schema()) + code).hexdigest()


def folding_code(domain: Path) -> bytes:
    """Fingerprint the whole domain: a fold that was mended must not go on from a state that the old one made."""
    digest = hashlib.sha256()
    for path in sorted(domain.rglob("*.py")):
        digest.update(b"%s %d\n" % (path.relative_to(domain).as_posix().encode(), path.stat().st_size))
        digest.update(path.read_bytes())
    return digest.digest()


def load_streams(
    connection: Connection, mapper: RegistryMapper, streams: Collection[str], snapshot_every: int
) -> Mapping[str, Loaded]:
    """Fold each stream in one consistent read; take a snapshot where more than ``snapshot_every`` were folded."""
    names = list(dict.fromkeys(streams))
    # A state never changes, so all that have not begun can share one.
    beginnings = {kind: state() for kind, state in STATES.items()}
    states: dict[str, State] = {name: beginnings[kind_of(name)] for name in names}
    versions = dict.fromkeys(names, 0)
    folded = dict.fromkeys(names, 0)
    begun: set[str] = set()
    forms = [form_of(kind) for kind in STATES]
    for row in connection.execute(_LOAD, (names, forms), binary=True):
        stream, snapshot, stored = row[0], row[1:4], row[4:]
        if stream not in begun:
            begun.add(stream)
            states[stream], versions[stream] = _beginning(stream, snapshot)
        if stored[0] is not None:
            event = mapper.to_domain_event(_stored(stream, stored)).event
            states[stream] = evolve(states[stream], event)
            versions[stream] = stored[0]
            folded[stream] += 1
    for stream in names:
        if folded[stream] > snapshot_every:
            state = states[stream].model_dump_json().encode()
            connection.execute(_SAVE, (stream, versions[stream], form_of(kind_of(stream)), state))
    return {name: Loaded(states[name], versions[name]) for name in names}


def _beginning(stream: str, snapshot: tuple[Any, ...]) -> tuple[State, int]:
    version, form, state = snapshot
    if version is None or form != form_of(kind_of(stream)):
        return initial(stream), 0
    return STATES[kind_of(stream)].model_validate_json(state), version


def _stored(stream: str, row: tuple[Any, ...]) -> StoredEvent:
    version, kind, schema_version, data = row
    return VersionedStoredEvent(stream, version, kind, data, schema_version)
