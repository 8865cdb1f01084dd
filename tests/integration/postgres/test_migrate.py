"""Migrations: applied once each, recorded with their checksums, harmless when run again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from application.ports import Accepted, StoreUnavailable, Submission
from infra.embedded.processes import free_port
from infra.postgres import stream_loading
from infra.postgres.connections import connect
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.migrate import MigrationTampered, load_migrations, migrate
from infra.postgres.roles import NotMigrated
from infra.postgres.stream_loading import folding_code, form_of
from tests.support.services import Database


def test_each_is_applied_once_and_recorded(empty_database: Database) -> None:
    """With its checksum; a second run does nothing, and the log keeps its identity."""
    first = migrate(empty_database.admin_url)
    assert list(first.applied) == [each.name for each in load_migrations()]
    second = migrate(empty_database.admin_url)
    assert (list(second.applied), second.log_id) == ([], first.log_id)
    with psycopg.connect(empty_database.admin_url) as admin:
        recorded = admin.execute("SELECT number, sha256 FROM lodestone.schema_migrations ORDER BY number").fetchall()
    assert recorded == [(each.number, each.sha256) for each in load_migrations()]


@pytest.mark.parametrize("role", ["writer", "reader", "relay", "projector"])
def test_a_process_says_what_is_not_migrated(database: Database, empty_database: Database, role: str) -> None:
    """Not that some relation does not exist; also where a migration was killed after its first step."""
    url = str(getattr(empty_database, f"{role}_url"))
    connect(str(getattr(database, f"{role}_url"))).close()
    with psycopg.connect(empty_database.admin_url, autocommit=True) as admin:
        for step in ("SELECT 1", "CREATE SCHEMA lodestone"):
            admin.execute(step)
            with pytest.raises(NotMigrated, match="lodestone migrate") as told:
                connect(url)
            assert told.value.code == "store.not_migrated"


def test_two_at_once_apply_each_once(empty_database: Database) -> None:
    """The second one waits, and finds nothing to do."""
    with ThreadPoolExecutor(2) as threads:
        reports = list(threads.map(migrate, [empty_database.admin_url] * 2))
    assert sorted(len(each.applied) for each in reports) == [0, len(load_migrations())]
    assert len({each.log_id for each in reports}) == 1


def test_a_migration_that_was_changed_afterwards_is_refused(empty_database: Database) -> None:
    """By name, and nothing is done."""
    migrate(empty_database.admin_url)
    with psycopg.connect(empty_database.admin_url, autocommit=True) as admin:
        admin.execute("UPDATE lodestone.schema_migrations SET sha256 = 'other' WHERE number = 2")
    with pytest.raises(MigrationTampered, match=r"0002_append\.sql") as refused:
        migrate(empty_database.admin_url)
    assert refused.value.code == "store.migration_tampered"


def test_a_restored_log_gets_another_identity_and_keeps_its_events(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission]
) -> None:
    """What was published after the backup is never taken for this log's."""
    log.append([submit(1)])
    before = log.log_id()
    assert migrate(database.admin_url, restored=True).log_id != before
    assert log.log_id() != before
    assert log.append([submit(2)]) == [Accepted(2, 2)]


def test_a_snapshot_that_other_code_folded_is_ignored(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though its form is the same: a fold that was mended must not go on from what the old one made."""
    command = submit(1, events=150)
    (stream,) = command.guards
    log.append([command])
    loaded = log.load([stream])
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute("UPDATE lodestone.snapshots SET state = '{}'")
    assert log.load([stream]) != loaded, "the snapshot is in use"
    monkeypatch.setattr(stream_loading, "folding_code", lambda _: b"mended")
    form_of.cache_clear()
    try:
        assert log.load([stream]) == loaded
    finally:
        form_of.cache_clear()


def test_the_code_of_folds_is_told_apart(tmp_path: Path) -> None:
    """By every file of the domain, its place and its content; not by what Python leaves there."""
    (tmp_path / "sale").mkdir()
    states = [folding_code(tmp_path)]
    for name, text in (("sale/state.py", "a"), ("sale/state.py", "b"), ("state.py", "b")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        states.append(folding_code(tmp_path))
    assert len(set(states)) == len(states)
    (tmp_path / "sale" / "state.pyc").write_bytes(b"x")
    assert folding_code(tmp_path) == states[-1]


def test_a_snapshot_of_another_form_is_ignored(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission]
) -> None:
    """A state that this program cannot read is folded anew."""
    command = submit(1, events=150)
    (stream,) = command.guards
    log.append([command])
    loaded = log.load([stream])
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        assert admin.execute("SELECT stream, version FROM lodestone.snapshots").fetchall() == [(stream, 150)]
        admin.execute("UPDATE lodestone.snapshots SET form = 'older', state = '{}'")
    assert log.load([stream]) == loaded


def test_a_database_that_is_out_of_reach_is_said_to_be_so() -> None:
    """As every other command says it."""
    with pytest.raises(StoreUnavailable) as told:
        migrate(f"postgresql://postgres:x@127.0.0.1:{free_port()}/lodestone")
    assert told.value.code == "store.unavailable"
