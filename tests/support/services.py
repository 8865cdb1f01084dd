"""The services that tests need: one PostgreSQL and one broker a session, a database of its own for each test."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from infra.embedded.broker import EmbeddedBroker
from infra.embedded.postgres import EmbeddedPostgres
from infra.postgres.migrate import migrate
from infra.settings import ROLES

# Tests may lose their database with the machine; nobody else may.
_LIGHT: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
}
_TEMPLATE = "lodestone_template"


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database and the URLs of its roles."""

    name: str
    admin_url: str
    writer_url: str
    reader_url: str
    relay_url: str
    projector_url: str


class Cluster:
    """One embedded PostgreSQL from which databases are made quickly, by copying a migrated one."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postgres = postgres
        self._passwords = {role: uuid4().hex for role in ROLES}
        self._has_template = False

    @property
    def admin_url(self) -> str:
        """Give the administrator's URL of the maintenance database."""
        return self._postgres.url("postgres")

    @contextmanager
    def empty_database(self) -> Iterator[Database]:
        """Make a database that is not migrated."""
        with self._made("") as database:
            yield database

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Make a migrated database, with a log of its own."""
        if not self._has_template:
            self._postgres.ensure_database(_TEMPLATE)
            migrate(self._postgres.url(_TEMPLATE), self._passwords)
            self._has_template = True
        with self._made(f'TEMPLATE "{_TEMPLATE}"') as database:
            migrate(database.admin_url, restored=True)
            yield database

    @contextmanager
    def _made(self, clause: str) -> Iterator[Database]:
        name = f"test_{uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" {clause}')
        urls = {role: self._postgres.url(name, f"lodestone_{role}", self._passwords[role]) for role in ROLES}
        try:
            yield Database(
                name=name,
                admin_url=self._postgres.url(name),
                writer_url=urls["writer"],
                reader_url=urls["reader"],
                relay_url=urls["relay"],
                projector_url=urls["projector"],
            )
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Run a PostgreSQL for tests, and stop it."""
    postgres = EmbeddedPostgres.in_folder(folder, os.environ, _LIGHT)
    postgres.start()
    try:
        yield Cluster(postgres)
    finally:
        postgres.stop()


@contextmanager
def running_broker(folder: Path) -> Iterator[EmbeddedBroker]:
    """Run the embedded broker, and stop it."""
    broker = EmbeddedBroker(folder, os.environ)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
