"""From a row of the events table to an envelope."""

from typing import Any

from domain.envelope import Actor, Envelope


def utc_text(column: str) -> str:
    """Render a time as ``domain.envelope.utc_text`` does, by the server, whatever the time zone of the session."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


ENVELOPE_COLUMNS = (
    "position, stream, version, key, event_id::text, type, schema_version,"
    f" {utc_text('occurred_at')}, {utc_text('recorded_at')}, actor_name, actor_role, actor_organisation,"
    " command_id::text, correlation_id::text, causation_id::text, data"
)


def envelope(row: tuple[Any, ...]) -> Envelope:
    """Read a row of ``ENVELOPE_COLUMNS``."""
    return Envelope._make((*row[:9], Actor._make(row[9:12]), *row[12:]))
