"""History is append-only by privilege, and by triggers that stop even the owner."""

from collections.abc import Callable

import psycopg
import pytest

from application.ports import Submission
from infra.postgres.connections import connect
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.roles import PrivilegedRole
from tests.support.services import Database

ROLES = ("writer", "reader", "relay", "projector")
KEPT = ("events", "commands", "streams", "log", "append_lock", "schema_migrations")
CHANGES = (
    "INSERT INTO lodestone.{} DEFAULT VALUES",
    "DELETE FROM lodestone.{}",
    "TRUNCATE lodestone.{}",
    "DROP TABLE lodestone.{}",
    "ALTER TABLE lodestone.{} ADD COLUMN more integer",
    "LOCK TABLE lodestone.{} IN ACCESS EXCLUSIVE MODE",
    "CREATE TRIGGER more BEFORE INSERT ON lodestone.{} EXECUTE FUNCTION lodestone.refuse_change()",
)
UPDATES = (
    "UPDATE lodestone.events SET stream = stream",
    "UPDATE lodestone.commands SET command_id = command_id",
    "UPDATE lodestone.streams SET version = version",
    "UPDATE lodestone.log SET id = id",
)
REFUSED = {"42501", "42704", "428C9"}
STOPPED = {"LD003", "42501"}
ELSEWHERE = (
    "CREATE TABLE lodestone.more (n integer)",
    "CREATE TABLE public.more (n integer)",
    "ALTER FUNCTION lodestone.append SECURITY INVOKER",
    "DROP FUNCTION lodestone.append",
    "SET ROLE lodestone_owner",
    "SET session_replication_role = replica",
    "ALTER EVENT TRIGGER lodestone_keep_schema DISABLE",
    "CREATE ROLE more",
    "COPY (SELECT 1) TO PROGRAM 'true'",
)
OWNERS = (
    "UPDATE lodestone.events SET stream = stream",
    "UPDATE lodestone.commands SET command_id = command_id",
    "DELETE FROM lodestone.events",
    "DELETE FROM lodestone.commands",
    "TRUNCATE lodestone.events",
    "TRUNCATE lodestone.commands",
    "DROP TABLE lodestone.events",
    "DROP TABLE lodestone.append_lock",
    "ALTER TABLE lodestone.events ADD COLUMN more integer",
    "ALTER TABLE lodestone.events RENAME TO old_events",
    "ALTER TABLE lodestone.events RENAME COLUMN data TO old_data",
    "ALTER TABLE lodestone.events SET SCHEMA public",
    "ALTER TABLE lodestone.events DISABLE TRIGGER events_keep_rows",
    "ALTER TABLE lodestone.events DISABLE TRIGGER ALL",
    "DROP TRIGGER events_keep_rows ON lodestone.events",
    "DROP TRIGGER commands_keep_all ON lodestone.commands",
    "CREATE TRIGGER more BEFORE INSERT ON lodestone.events EXECUTE FUNCTION lodestone.refuse_change()",
    "CREATE RULE more AS ON UPDATE TO lodestone.events DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION lodestone.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "ALTER FUNCTION lodestone.append RENAME TO old_append",
    "DROP FUNCTION lodestone.append",
    "DROP SCHEMA lodestone CASCADE",
    "ALTER SCHEMA lodestone RENAME TO old_lodestone",
)


@pytest.fixture
def filed(database: Database, log: PostgresEventLog, submit: Callable[..., Submission]) -> Database:
    """A database with an event in it."""
    log.append([submit(1)])
    return database


def _url(database: Database, role: str) -> str:
    return str(getattr(database, f"{role}_url"))


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_change_what_is_kept(filed: Database, role: str) -> None:
    """Neither rows nor tables nor rights."""
    statements = [*(change.format(table) for change in CHANGES for table in KEPT), *UPDATES, *ELSEWHERE]
    with psycopg.connect(_url(filed, role)) as connection:
        states = {statement: _tried(connection, statement) for statement in statements}
    assert {statement: state for statement, state in states.items() if state not in REFUSED} == {}


@pytest.mark.parametrize("role", ["reader", "relay", "projector"])
def test_only_the_writer_appends(filed: Database, role: str) -> None:
    """The function is the one way in."""
    with psycopg.connect(_url(filed, role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT lodestone.append" + "(" + ", ".join(["NULL"] * 17) + ")")


def test_the_owner_cannot_log_in(filed: Database) -> None:
    """Nobody is the owner but a migration."""
    with psycopg.connect(filed.admin_url) as admin:
        row = admin.execute("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'lodestone_owner'").fetchone()
    assert row == (False, False)


@pytest.mark.parametrize("role", ["lodestone_owner", "postgres"])
def test_the_owner_and_a_careless_administrator_are_stopped(filed: Database, role: str) -> None:
    """By triggers on rows and statements, and by event triggers on whatever would take those away."""
    with psycopg.connect(filed.admin_url) as admin:
        admin.execute(f"SET SESSION ROLE {role}".encode())
        admin.commit()
        states = {statement: _tried(admin, statement) for statement in OWNERS}
        assert {statement: state for statement, state in states.items() if state not in STOPPED} == {}
        assert admin.execute("SELECT count(*) FROM lodestone.events").fetchone() == (1,)


def _tried(connection: psycopg.Connection, statement: str) -> str:
    """Give the state that a statement ends with, "done" if it went through; it is rolled back."""
    try:
        connection.execute(statement.encode())
    except psycopg.Error as error:
        return error.sqlstate or "unknown"
    else:
        return "done"
    finally:
        connection.rollback()


def test_no_process_works_as_superuser_or_owner(filed: Database) -> None:
    """It refuses to start, in the embedded default too."""
    with pytest.raises(PrivilegedRole) as refused:
        connect(filed.admin_url)
    assert refused.value.code == "store.privileged_role"
    connect(filed.writer_url).close()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_append_refuses_a_stricter_isolation(filed: Database, level: str) -> None:
    """There, a call that waited for the lock would not see what was committed meanwhile."""
    with psycopg.connect(filed.writer_url) as connection:
        connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}".encode())
        with pytest.raises(psycopg.Error) as refused:
            connection.execute("SELECT lodestone.append" + "(" + ", ".join(["NULL"] * 17) + ")")
    assert refused.value.sqlstate == "LD001"


def test_a_writer_cannot_keep_the_lock(filed: Database) -> None:
    """Its transactions are ended by the server, whatever it sets for itself at log-in."""
    with psycopg.connect(filed.writer_url) as connection:
        assert connection.execute("SHOW transaction_timeout").fetchone() == ("30s",)
