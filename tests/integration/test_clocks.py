"""A machine whose clock is wrong files nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from application.importing import Provenance
from domain.calendar import TimeInFuture
from domain.envelope import Actor
from infra import write_side
from infra.clock import SystemClock
from infra.settings import KafkaSettings, Settings
from tests.support.services import Database

ME = Provenance(Actor("li.wei", "exporter", ""), "exporter", UUID(int=7))


def _settings(database: Database) -> Settings:
    return Settings(
        data_dir=Path(),
        admin_database_url=None,
        database_urls={"writer": database.writer_url},
        kafka=KafkaSettings(None),
        topic_prefix="",
    )


def _set_clock(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + ahead)


@pytest.mark.parametrize("desk", ["importer", "bulk_importer", "checker"])
def test_a_clock_that_is_ahead_is_refused(desk: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it files could have a business date that has not come."""
    _set_clock(monkeypatch, timedelta(minutes=6))
    who = ME.source if desk == "checker" else ME
    with pytest.raises(TimeInFuture, match="set this machine's clock") as refused:
        getattr(write_side, desk)(_settings(database), who).__enter__()
    assert refused.value.code == "time.in_future"


def test_clocks_differ_by_some_minutes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """That alone keeps nobody from filing."""
    _set_clock(monkeypatch, timedelta(minutes=4))
    with write_side.importer(_settings(database), ME) as (importer, log):
        assert importer.file([]) == []
        assert log.head() == 0
