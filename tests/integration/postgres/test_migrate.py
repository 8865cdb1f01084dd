"""Migrations: applied once each, recorded with their checksums, harmless when run again."""

from collections.abc import Callable

import psycopg
import pytest

from application.ports import Accepted, StoreUnavailable, Submission
from infra.embedded.processes import free_port
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.migrate import MigrationTampered, load_migrations, migrate
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


def test_a_snapshot_of_another_form_is_ignored(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission]
) -> None:
    """A state that was folded by other code is folded anew."""
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
