"""The services of one run of the benchmark, in a folder that is empty before and gone afterwards."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from kafka import KafkaAdminClient

from bench.measuring.programs import Workshop
from infra import bootstrap
from infra.embedded.broker import EmbeddedBroker
from infra.embedded.data_dir import locked, passwords
from infra.embedded.postgres import EmbeddedPostgres
from infra.kafka.topics import Topics
from infra.settings import ROLES, KafkaSettings, Settings, child_environment, environment_without_settings

_SESSION_TIMEOUT_MS = 6_000


@dataclass(frozen=True, slots=True)
class Services:
    """One PostgreSQL with fsync on and one broker, on free ports."""

    folder: Path
    postgres: EmbeddedPostgres
    broker: EmbeddedBroker

    @property
    def pids(self) -> Mapping[str, int]:
        """Give the processes."""
        return {"postgresql": self.postgres.pid or 0, "broker": self.broker.pid or 0}

    def postgres_version(self) -> str:
        """Ask PostgreSQL for its version."""
        with psycopg.connect(self.postgres.url("postgres")) as connection:
            return ".".join(str(connection.info.server_version // part % 10_000) for part in (10_000, 1))

    def store(self, name: str, topic_prefix: str = "") -> Settings:
        """Give the settings by which a database of this cluster is found, made or not."""
        secrets = passwords(self.folder, ROLES)
        return Settings(
            data_dir=self.folder,
            admin_database_url=self.postgres.url(name),
            database_urls={role: self.postgres.url(name, f"lodestone_{role}", secrets[role]) for role in ROLES},
            kafka=KafkaSettings(bootstrap=self.broker.bootstrap),
            topic_prefix=topic_prefix or f"{name}.",
            session_timeout_ms=_SESSION_TIMEOUT_MS,
        )

    def new_store(self, name: str) -> Settings:
        """Make an empty store with topics of its own."""
        self.drop_store(name)
        self.postgres.ensure_database(name)
        settings = self.store(name)
        bootstrap.migrate(settings)
        return settings

    def kept_copy(self, original: Settings, name: str, topic_prefix: str = "") -> Settings:
        """Copy a store that nobody uses, with topics of its own or with others' (the log's identity is the same)."""
        source = str(original.admin_database_url).rpartition("/")[2]
        self.drop_store(name)
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        settings = self.store(name, topic_prefix)
        # Rights on a database are in no copy of it.
        bootstrap.migrate(settings)
        return settings

    @contextmanager
    def copy_of(self, original: Settings, name: str) -> Iterator[Settings]:
        """Copy a store for one run; it reads and writes the same topics."""
        try:
            yield self.kept_copy(original, name, original.topic_prefix)
        finally:
            self.drop_store(name)

    @contextmanager
    def topics_of(self, settings: Settings, prefix: str) -> Iterator[Settings]:
        """Make topics for one run, and delete them: the broker keeps all in memory."""
        own = replace(settings, topic_prefix=prefix)
        bootstrap.ensure_topics(own)
        try:
            yield own
        finally:
            with closing(KafkaAdminClient(bootstrap_servers=self.broker.bootstrap)) as admin:
                admin.delete_topics(list(Topics(prefix).all))

    def drop_store(self, name: str) -> None:
        """Drop a database, if it is there."""
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def workshop(self, settings: Settings) -> Workshop:
        """Give what runs programs that find this store."""
        return Workshop(self.folder, child_environment(settings), self.pids)

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.postgres.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_services(folder: Path) -> Iterator[Services]:
    """Run the services; what a killed run left is removed first, and all of it at the end.

    Raises:
        DataDirInUse: ``data_dir.in_use``: another benchmark runs.
    """
    place = folder.absolute()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(place):
        _empty(place)
        plain = environment_without_settings()
        postgres, broker = EmbeddedPostgres.in_folder(place, plain), EmbeddedBroker(place, plain)
        try:
            postgres.start()
            broker.start()
            yield Services(place, postgres, broker)
        finally:
            broker.stop()
            postgres.stop()
            _empty(place)


def _empty(place: Path) -> None:
    for each in place.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.name != "lock":
            each.unlink()
