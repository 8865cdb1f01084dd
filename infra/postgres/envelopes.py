"""From a row of the events table to an envelope."""

from typing import Any

from domain.envelope import Actor, Envelope

ENVELOPE_COLUMNS = (
    "position, stream, version, key, event_id, type, schema_version, occurred_at, recorded_at,"
    " actor_name, actor_role, actor_organisation, command_id, correlation_id, causation_id, data"
)


def envelope(row: tuple[Any, ...]) -> Envelope:
    """Read a row of ``ENVELOPE_COLUMNS``."""
    position, stream, version, key, event_id, kind, schema_version, occurred_at, recorded_at = row[:9]
    command_id, correlation_id, causation_id, data = row[12:]
    return Envelope(
        position=position,
        stream=stream,
        version=version,
        key=key,
        event_id=event_id,
        type=kind,
        schema_version=schema_version,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        actor=Actor(*row[9:12]),
        command_id=command_id,
        correlation_id=correlation_id,
        causation_id=causation_id,
        data=data,
    )
