"""Commands and logs for the tests of the event store."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from application.ports import NewEvent, Submission
from domain.envelope import Actor
from domain.exporter.events import ExporterRegistered
from infra.postgres.event_log import PostgresEventLog
from tests.support.services import Database

Submit = Callable[..., Submission]


@pytest.fixture
def log(database: Database) -> Iterator[PostgresEventLog]:
    """A log on a database of the test's own."""
    with PostgresEventLog.connect(database.writer_url) as opened:
        yield opened


@pytest.fixture
def submit() -> Submit:
    """Make a command of some events of one exporter's stream."""

    def made(number: int, *, version: int = 0, events: int = 1, name: str = "Firm") -> Submission:
        uscc = f"{number:018d}"
        facts = [ExporterRegistered(uscc=uscc, names=(name,), customs_code=None, region="1") for _ in range(events)]
        return Submission(
            command_id=uuid4(),
            actor=Actor("li.wei", "exporter", ""),
            correlation_id=uuid4(),
            causation_id=None,
            guards={f"exporter/{uscc}": version},
            events=[NewEvent(uuid4(), each, datetime(2025, 6, 1, tzinfo=UTC)) for each in facts],
        )

    return made
