"""The log as messages for Kafka: rendered by the server, so that the relay only splices and sends.

What ``infra.kafka.cloudevents`` writes of an envelope, byte for byte; data passes through untouched.
"""

from typing import Any

from application.publishing import Appended
from infra.postgres.envelopes import utc_text
from infra.postgres.pages import sized_rows


def _json(column: str) -> str:
    return f"to_json({column}::text)::text"


def _unless_empty(name: str, column: str) -> str:
    return f"""CASE WHEN {column} = '' THEN '' ELSE ',"{name}":' || {_json(column)} END"""


_OPENING = f"""
convert_to('{{"specversion":"1.0","id":"' || event_id || '","type":' || {_json("type")}
    || ',"source":"urn:uuid:' || %(log_id)s::text || '","subject":' || {_json("stream")}
    || ',"time":"' || {utc_text("recorded_at")}
    || '","datacontenttype":"application/json","position":"' || position || '",', 'UTF8')
"""
_CLOSING = f"""
convert_to('"version":"' || version || '","schemaversion":' || schema_version
    || ',"occurredat":"' || {utc_text("occurred_at")} || '"'
    || {_unless_empty("actor", "actor_name")}
    || {_unless_empty("actorrole", "actor_role")}
    || {_unless_empty("actororg", "actor_organisation")}
    || ',"commandid":"' || command_id || '","correlationid":"' || correlation_id || '"'
    || CASE WHEN causation_id IS NULL THEN '' ELSE ',"causationid":"' || causation_id || '"' END
    || ',"data":', 'UTF8') || data || '}}'::bytea
"""

# %(log_id)s, %(after)s, %(limit)s, %(max_bytes)s
MESSAGES = sized_rows(
    f"position, type, key, {_OPENING}, {_CLOSING}",
    "SELECT * FROM lodestone.events WHERE position > %(after)s ORDER BY position LIMIT %(limit)s",
)


def appended(row: tuple[Any, ...]) -> Appended:
    """Read a row of ``MESSAGES``."""
    return Appended._make(row)
