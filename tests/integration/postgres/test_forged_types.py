"""A forged type name in a row or a message: nothing is imported, and the error has its code."""

import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from application.ports import Submission
from domain.registry import UnknownEventType
from infra.kafka.cloudevents import decode, encode
from infra.postgres.event_log import PostgresEventLog
from projections.decoding import Decoder
from projections.ports import Unprojectable
from tests.support.envelopes import an_event
from tests.support.services import Database

MODULE = "forged_by_a_row"
FORGED = [f"{MODULE}:Evil", MODULE, f"{MODULE}.Evil", "os:system", "builtins:eval"]


@pytest.fixture
def _importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that could be imported, if anybody did."""
    (tmp_path / f"{MODULE}.py").write_text("class Evil: pass\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("_importable")
@pytest.mark.parametrize("name", FORGED)
def test_a_row_imports_nothing(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission], name: str
) -> None:
    """An administrator forges what nobody else can; loading the stream refuses it."""
    command = submit(1)
    log.append([command])
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        # Even an administrator has to say that this is a migration.
        admin.execute("SET lodestone.migrating = 'on'")
        admin.execute("ALTER TABLE lodestone.events DISABLE TRIGGER events_keep_rows")
        admin.execute("UPDATE lodestone.events SET type = %s", (name,))
    with pytest.raises(UnknownEventType) as refused:
        log.load(command.guards)
    assert refused.value.code == "event.unknown_type"
    assert MODULE not in sys.modules


@pytest.mark.usefixtures("_importable")
@pytest.mark.parametrize("name", FORGED)
def test_a_message_imports_nothing(name: str) -> None:
    """It is read as an envelope; what would fold it refuses it."""
    message = encode(an_event(1, kind=name), 0, uuid4())
    found = decode(message, "key").event
    with pytest.raises(Unprojectable) as refused:
        Decoder().event(found)
    assert (found.type, refused.value.code) == (name, "event.unknown_type")
    assert MODULE not in sys.modules
