"""History is append-only by privilege, and by triggers that stop even the owner."""

from collections.abc import Callable

import psycopg
import pytest

from application.ports import Accepted, StoreUnavailable, Submission
from infra.postgres.append_call import APPEND, AppendCall, EventRow
from infra.postgres.connections import connect, translated
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.prepared_call import PreparedCall
from infra.postgres.roles import PrivilegedRole
from tests.support.services import Database

ROLES = ("writer", "reader", "relay", "projector")
KEPT = ("events", "commands", "blocks", "log", "append_lock", "schema_migrations")
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
    "UPDATE lodestone.log SET id = id",
    "UPDATE lodestone.blocks SET block = block",
    "UPDATE lodestone.staging SET block = block",
    "DELETE FROM lodestone.staging",
    "TRUNCATE lodestone.staging",
    "SELECT actor_name FROM lodestone.staging",
)
REFUSED = {"42501", "42704", "428C9"}
STOPPED = {"LD003", "42501"}
ELSEWHERE = (
    "CREATE TABLE lodestone.more (n integer)",
    "CREATE TABLE public.more (n integer)",
    "ALTER FUNCTION lodestone.append SECURITY INVOKER",
    "DROP FUNCTION lodestone.append",
    "ALTER FUNCTION lodestone.append_block SECURITY INVOKER",
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
    "DELETE FROM lodestone.blocks",
    "TRUNCATE lodestone.blocks",
    "DROP TABLE lodestone.staging",
    "ALTER TABLE lodestone.staging RENAME TO old_staging",
    "CREATE TRIGGER more BEFORE INSERT ON lodestone.blocks EXECUTE FUNCTION lodestone.refuse_change()",
    "ALTER FUNCTION lodestone.append_block RENAME TO old_append_block",
    "DROP FUNCTION lodestone.append_block",
    "DROP FUNCTION lodestone.append_event",
    "ALTER FUNCTION lodestone.append_event SECURITY INVOKER",
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
    "GRANT INSERT ON lodestone.events TO lodestone_writer",
    "GRANT UPDATE (data) ON lodestone.events TO lodestone_writer",
    "GRANT DELETE ON lodestone.commands TO PUBLIC",
    "GRANT SELECT ON lodestone.events TO lodestone_reader WITH GRANT OPTION",
    "GRANT ALL ON lodestone.append_lock TO lodestone_reader",
    "GRANT ALL ON ALL TABLES IN SCHEMA lodestone TO lodestone_writer",
    "GRANT EXECUTE ON FUNCTION lodestone.append TO PUBLIC",
    "GRANT EXECUTE ON FUNCTION lodestone.append TO lodestone_reader",
    "DROP OWNED BY lodestone_owner CASCADE",
    "CREATE TABLE lodestone.more () INHERITS (lodestone.events)",
)
# What operation and a rebuild do with the same words.
HARMLESS = (
    "GRANT SELECT ON lodestone.events TO lodestone_reader",
    "REVOKE SELECT ON lodestone.events FROM lodestone_reader",
    "CREATE INDEX ON lodestone.events (type)",
    "CREATE SCHEMA more",
    "CREATE TABLE lodestone.more (n integer)",
)


@pytest.fixture
def filed(database: Database, log: PostgresEventLog, submit: Callable[..., Submission]) -> Database:
    """A database with an event in it."""
    log.append([submit(1)])
    with psycopg.connect(database.admin_url) as admin:
        admin.execute("INSERT INTO lodestone.blocks VALUES (gen_random_uuid(), 1, 1)")
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


@pytest.mark.parametrize("role", ["reader", "relay", "projector"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT lodestone.append_event(" + ", ".join(["NULL"] * 16) + ")",
        "SELECT lodestone.append_block(gen_random_uuid())",
        "INSERT INTO lodestone.staging (block) VALUES (NULL)",
    ],
)
def test_only_the_writer_files_one_or_many(filed: Database, role: str, statement: str) -> None:
    """Neither laid down nor taken in by anybody else."""
    with psycopg.connect(_url(filed, role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


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


def test_what_changes_no_history_is_let_through(filed: Database) -> None:
    """The guard looks at what a command leaves behind, and at nothing else."""
    with psycopg.connect(filed.admin_url) as admin:
        states = {statement: _tried(admin, statement) for statement in HARMLESS}
    assert states == dict.fromkeys(HARMLESS, "done")


def _arguments(command: Submission) -> list[bytes]:
    """Give the arguments of one command's append, in binary form."""
    call = AppendCall()
    rows = [
        EventRow(each.event_id, each.event.stream, each.event.key, each.event.type, 1, each.occurred_at, b"{}")
        for each in command.events
    ]
    call.add((command.command_id, command.correlation_id, None), command.actor, command.guards, rows)
    return call.arguments()


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


def test_a_superuser_is_refused_in_the_dress_of_a_role(filed: Database) -> None:
    """`options` in the URL sets a role that the session may put down again."""
    with psycopg.connect(f"{filed.admin_url}?options=-crole%3Dlodestone_writer") as dressed:
        assert dressed.execute("SELECT current_user").fetchone() == ("lodestone_writer",)
    with pytest.raises(PrivilegedRole, match="lodestone_writer"):
        connect(f"{filed.admin_url}?options=-crole%3Dlodestone_writer")


@pytest.mark.parametrize("right", ["lodestone_owner", "postgres", "pg_write_all_data"])
def test_whoever_could_change_history_is_refused(filed: Database, right: str) -> None:
    """Member of the owner or of a superuser, or with a right to write everything."""
    name = f"more_{filed.name}"
    with psycopg.connect(filed.admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x' IN ROLE {right}".encode())
        admin.execute(f"GRANT CONNECT ON DATABASE {filed.name} TO {name}".encode())
        admin.execute(f"GRANT USAGE ON SCHEMA lodestone TO {name}".encode())
        try:
            place = filed.admin_url.rpartition("@")[2]
            with pytest.raises(PrivilegedRole) as refused:
                connect(f"postgresql://{name}:x@{place}")
            assert refused.value.code == "store.privileged_role"
        finally:
            admin.execute(f"DROP OWNED BY {name}".encode())
            admin.execute(f"DROP ROLE {name}".encode())


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize(
    "call",
    [
        "append" + "(" + ", ".join(["NULL"] * 17) + ")",
        "append_event" + "(" + ", ".join(["NULL"] * 16) + ")",
        "append_block" + "(gen_random_uuid())",
    ],
)
def test_append_refuses_a_stricter_isolation(filed: Database, call: str, level: str) -> None:
    """There, a call that waited for the lock would not see what was committed meanwhile."""
    with psycopg.connect(filed.writer_url) as connection:
        connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}".encode())
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(f"SELECT lodestone.{call}".encode())
    assert refused.value.sqlstate == "LD001"


def test_a_writer_that_hangs_does_not_keep_the_lock(filed: Database, submit: Callable[..., Submission]) -> None:
    """The server ends its transaction, and others file on; its own log tells it that the store was out of reach."""
    with psycopg.connect(filed.writer_url) as usual:
        assert usual.execute("SHOW transaction_timeout").fetchone() == ("30s",)
    # Set within a transaction it would not shorten the one that runs.
    hurried = psycopg.connect(filed.writer_url, options="-c transaction_timeout=1s")
    with hurried as hanging, PostgresEventLog.connect(filed.writer_url) as other:
        hanging.execute("SELECT 1")
        PreparedCall("append", APPEND).run(hanging, _arguments(submit(2)))
        assert other.append([submit(3)]) == [Accepted(2, 2)]
        with pytest.raises(StoreUnavailable), translated():
            hanging.execute("SELECT 1")
