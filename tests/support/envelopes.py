"""Envelopes for tests that care about places, not about facts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from domain.envelope import Actor, Envelope, utc_text

_NAMESPACE = UUID("6f1c1a52-6a5c-4f6f-9d3d-0f1f6f7b7a10")
_START = datetime(2025, 6, 10, 1, 2, 3, 456789, tzinfo=UTC)


def an_event(
    position: int, stream: str = "sale/A/1", *, kind: str = "sale.recorded", key: str | None = None
) -> Envelope:
    """Make an envelope; the key is the stream unless given."""
    return Envelope(
        position=position,
        stream=stream,
        version=position,
        key=stream if key is None else key,
        event_id=str(uuid5(_NAMESPACE, f"event {position}")),
        type=kind,
        schema_version=1,
        occurred_at=utc_text(_START - timedelta(days=1)),
        recorded_at=utc_text(_START + timedelta(microseconds=position)),
        actor=Actor("li.wei", "exporter", "Fictitious Magnets"),
        command_id=str(uuid5(_NAMESPACE, f"command {position}")),
        correlation_id=str(uuid5(_NAMESPACE, "job")),
        causation_id=None,
        data=b'{"n":%d}' % position,
    )
