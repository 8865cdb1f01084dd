"""Keeps services and processes running: starts them in order, starts again what dies, stops all of it."""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.parse import urlsplit

import structlog

from application.backoff import Backoff
from application.publishing import BrokerUnavailable
from infra import bootstrap
from infra.embedded.broker import BrokerFailed, EmbeddedBroker
from infra.embedded.data_dir import passwords
from infra.embedded.postgres import EmbeddedPostgres, PostgresFailed
from infra.embedded.processes import Program
from infra.embedded.workers import Workers
from infra.settings import ROLES, Settings, child_environment, environment_without_settings

_log = structlog.get_logger(__name__)

_LOOK_S = 0.2
EMBEDDED_SESSION_TIMEOUT_MS = 6_000


class Supervisor:
    """Runs the embedded services that are not configured, and the workers.

    Args:
        settings: as configured; what is missing is embedded.
        command: the command line that runs ``relay`` and ``consume``.
        say: tells a person what runs where.
    """

    def __init__(self, settings: Settings, command: Sequence[str], say: Callable[[str], None]) -> None:
        self._configured = replace(settings, data_dir=settings.data_dir.resolve())
        self._command = command
        self._say = say
        self._postgres: EmbeddedPostgres | None = None
        self._broker: EmbeddedBroker | None = None
        self._workers = Workers([], say)
        self._topics_due = False
        self._services_at = 0.0
        self._backoff = Backoff()

    def start(self) -> Settings:
        """Start the services, migrate, start the workers; give the settings by which others find all of it."""
        settings = self._start_services(self._configured)
        self._settings = settings
        bootstrap.migrate(settings)
        if self._broker is not None:
            bootstrap.ensure_topics(settings, remake=True)
        self._describe()
        self._workers = Workers(self._programs(settings.data_dir), self._say)
        self._workers.start()
        return settings

    def watch(self, stopped: Event) -> None:
        """Start again what dies, until told to stop."""
        while not stopped.wait(_LOOK_S):
            if monotonic() >= self._services_at:
                self._look_after_services()
            if not self._topics_due:
                self._workers.look_after()

    def stop(self) -> None:
        """Stop everything in the order of the way of a fact; returns when every process is gone."""
        self._workers.stop()
        if self._broker is not None:
            self._broker.stop()
        if self._postgres is not None:
            self._postgres.stop()

    def _start_services(self, settings: Settings) -> Settings:
        folder, plain = settings.data_dir, environment_without_settings()
        if settings.admin_database_url is None:
            self._postgres = EmbeddedPostgres.in_folder(folder, plain)
            self._postgres.start()
            self._postgres.ensure_database()
            settings = replace(settings, admin_database_url=self._postgres.url(), database_urls={})
        settings = _with_roles(settings)
        if settings.kafka.bootstrap is None:
            self._broker = EmbeddedBroker(folder, plain)
            self._broker.start()
            kafka = replace(settings.kafka, bootstrap=self._broker.bootstrap)
            settings = replace(settings, kafka=kafka, session_timeout_ms=EMBEDDED_SESSION_TIMEOUT_MS)
        return settings

    def _look_after_services(self) -> None:
        try:
            if self._postgres is not None and not self._postgres.alive():
                _log.warning("postgresql died; starting it again")
                self._postgres.start()
                self._describe()
            if self._broker is not None and (self._topics_due or not self._broker.alive()):
                self._restart_broker(self._broker)
        except (PostgresFailed, BrokerFailed, BrokerUnavailable) as error:
            # It may have been killed again while it was starting.
            delay = self._backoff.next_s()
            _log.warning("a service is not back yet", error=str(error), tried_again_in_s=delay)
            self._services_at = monotonic() + delay
        else:
            self._backoff.reset()

    def _restart_broker(self, broker: EmbeddedBroker) -> None:
        """A new broker has no topics, and any live client would make them, wrongly: so the workers wait."""
        _log.warning("the broker died; starting it again, and what uses it")
        self._topics_due = True
        self._workers.stop()
        if not broker.alive():
            broker.start()
        bootstrap.ensure_topics(self._settings, remake=True)
        self._topics_due = False
        self._describe()
        self._workers.start()

    def _programs(self, folder: Path) -> Sequence[Program]:
        environment = child_environment(self._settings)
        return [
            Program(name, [*self._command, *line], environment, folder / f"{name}.log", signal.SIGTERM)
            for name, line in worker_arguments(self._settings.consumers).items()
        ]

    def _describe(self) -> None:
        where = f"process {self._postgres.pid}, 127.0.0.1:{self._postgres.port}" if self._postgres else "as configured"
        self._say(f"postgresql: {where}")
        where = f"process {self._broker.pid}" if self._broker else "as configured"
        self._say(f"kafka: {where}, {self._settings.kafka.bootstrap}")


def worker_arguments(consumers: int) -> Mapping[str, Sequence[str]]:
    """Give the workers by name: the relay, and so many consumers, each a member of the group with a name of its own."""
    members = {"consumer" if number == 1 else f"consumer-{number}": number for number in range(1, consumers + 1)}
    return {
        "relay": ["relay"],
        **{name: ["consume", "--member", f"consumer-{number}"] for name, number in members.items()},
    }


def _with_roles(settings: Settings) -> Settings:
    """Add the URLs of the roles that have none: the administrator's, with passwords of our own."""
    secrets = passwords(settings.data_dir, ROLES)
    admin = urlsplit(settings.require_admin())
    place = admin.netloc.rpartition("@")[2]
    made = {role: admin._replace(netloc=f"lodestone_{role}:{secrets[role]}@{place}").geturl() for role in ROLES}
    return replace(settings, database_urls={**made, **settings.database_urls})
