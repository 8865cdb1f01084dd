"""Commands for the tests of what appends them: each one event of an exporter's stream."""

from datetime import UTC, datetime
from uuid import uuid4

from application.ports import NewEvent, Submission
from domain.envelope import Actor
from domain.exporter.events import ExporterRegistered


def stream_of(number: int) -> str:
    """Name the stream that belongs to a number."""
    return f"exporter/{number:018d}"


def submission(number: int, *, version: int = 0, name: str = "Firm") -> Submission:
    """Make a command, with an identity of its own, on the stream of a number."""
    event = ExporterRegistered(uscc=f"{number:018d}", names=(name,), customs_code=None, region="1")
    return Submission(
        command_id=uuid4(),
        actor=Actor("li.wei", "exporter", ""),
        correlation_id=uuid4(),
        causation_id=None,
        guards={stream_of(number): version},
        events=[NewEvent(uuid4(), event, datetime(2025, 6, 1, tzinfo=UTC))],
    )
