"""Plain numbered SQL files, applied once each, in order, and recorded with their checksums."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

import psycopg
from psycopg import Connection, sql

from infra.postgres.connections import CONNECT_TIMEOUT_S, translated
from infra.postgres.roles import OWNER, ensure_roles, limit_database

_ADMIN_SUFFIX = ".admin.sql"
# Any number will do, as long as every version of this program takes the same one.
_MIGRATION_LOCK = 7_031_405_992


class MigrationTampered(Exception):
    """A migration that was applied differs from the file at hand. ``store.migration_tampered``."""

    code = "store.migration_tampered"


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file; ``as_admin`` where only a superuser can run it."""

    number: int
    name: str
    text: str
    as_admin: bool

    @property
    def sha256(self) -> str:
        """Give the checksum under which the migration is recorded."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What a run did: names applied now, and the log's identity."""

    applied: Sequence[str]
    log_id: UUID


def migrate(
    admin_url: str, role_passwords: Mapping[str, str] | None = None, *, restored: bool = False
) -> MigrationReport:
    """Bring a database up to date; safe to run twice, or twice at once.

    Args:
        admin_url: connects as a superuser (event triggers need one).
        role_passwords: ``writer``, ``reader``, ``relay``, ``projector`` -> password to set.
        restored: the database came from a backup: give the log a new identity, so that what was published
            after the backup is never taken for this log's (use a new topic prefix with it).

    Raises:
        MigrationTampered: ``store.migration_tampered``.
        StoreUnavailable: ``store.unavailable``.
    """
    with translated(), psycopg.connect(admin_url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
        ensure_roles(connection, role_passwords or {})
        _prepare(connection)
        applied = [each.name for each in _pending(connection, load_migrations()) if _apply(connection, each)]
        if restored:
            connection.execute("UPDATE lodestone.log SET id = gen_random_uuid()")
        row = connection.execute("SELECT id FROM lodestone.log").fetchone()
        if row is None:
            raise RuntimeError("the log has no identity; the first migration makes it")
        return MigrationReport(applied=applied, log_id=row[0])


def load_migrations() -> Sequence[Migration]:
    """Read the numbered files of this package, in order."""
    folder = files("infra.postgres").joinpath("migrations")
    found = [
        Migration(
            number=int(entry.name.partition("_")[0]),
            name=entry.name,
            text=entry.read_text(encoding="utf-8"),
            as_admin=entry.name.endswith(_ADMIN_SUFFIX),
        )
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    ]
    return sorted(found, key=lambda each: each.number)


def _prepare(connection: Connection) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL lodestone.migrating = 'on'")
        limit_database(connection)
        connection.execute(
            sql.SQL("CREATE SCHEMA IF NOT EXISTS lodestone AUTHORIZATION {}").format(sql.Identifier(OWNER))
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS lodestone.schema_migrations (number integer PRIMARY KEY, name text NOT NULL,"
            " sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
        )


def _pending(connection: Connection, migrations: Sequence[Migration]) -> Sequence[Migration]:
    recorded: dict[int, str] = dict(
        connection.execute("SELECT number, sha256 FROM lodestone.schema_migrations").fetchall()
    )
    for each in migrations:
        if recorded.get(each.number, each.sha256) != each.sha256:
            raise MigrationTampered(f"{each.name} was applied with other content; applied migrations never change")
    return [each for each in migrations if each.number not in recorded]


def _apply(connection: Connection, migration: Migration) -> bool:
    with connection.transaction():
        connection.execute("SET LOCAL lodestone.migrating = 'on'")
        if not migration.as_admin:
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        connection.execute(migration.text.encode())
        connection.execute("RESET ROLE")
        connection.execute(
            "INSERT INTO lodestone.schema_migrations (number, name, sha256) VALUES (%s, %s, %s)",
            (migration.number, migration.name, migration.sha256),
        )
    return True
