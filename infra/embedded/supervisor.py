"""Keeps services and processes running: starts them in order, starts again what dies, stops all of it."""

import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from time import monotonic

import structlog

from infra import bootstrap
from infra.embedded.broker import EmbeddedBroker
from infra.embedded.data_dir import passwords
from infra.embedded.postgres import EmbeddedPostgres
from infra.embedded.processes import Program, start, stop
from infra.settings import ROLES, Settings, child_environment, environment_without_settings

_log = structlog.get_logger(__name__)

_LOOK_S = 0.2
_LONGEST_DELAY_S = 10.0
# A process that has run this long has recovered: its next death is a new one.
_RECOVERED_S = 30.0
EMBEDDED_SESSION_TIMEOUT_MS = 6_000


@dataclass(slots=True)
class _Worker:
    """A relay or consumer process, and how often it died in a row."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_at: float = 0.0


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
        self._workers: list[_Worker] = []

    def start(self) -> Settings:
        """Start the services, migrate, start the workers; give the settings by which others find all of it."""
        folder, plain = self._configured.data_dir, environment_without_settings()
        settings = self._configured
        if settings.admin_database_url is None:
            self._postgres = EmbeddedPostgres.in_folder(folder, plain)
            self._postgres.start()
            self._postgres.ensure_database()
            settings = _with_database(settings, self._postgres)
        if settings.kafka.bootstrap is None:
            self._broker = EmbeddedBroker(folder, plain)
            self._broker.start()
            kafka = replace(settings.kafka, bootstrap=self._broker.bootstrap)
            settings = replace(settings, kafka=kafka, session_timeout_ms=EMBEDDED_SESSION_TIMEOUT_MS)
        self._settings = settings
        bootstrap.migrate(settings)
        if self._broker is not None:
            bootstrap.ensure_topics(settings, remake=True)
        self._describe()
        self._workers = self._make_workers(folder)
        for worker in self._workers:
            self._start_worker(worker)
        return settings

    def watch(self, stopped: Event) -> None:
        """Start again what dies, until told to stop."""
        while not stopped.wait(_LOOK_S):
            if self._postgres is not None and not self._postgres.alive():
                _log.warning("postgresql died; starting it again")
                self._postgres.start()
            if self._broker is not None and not self._broker.alive():
                self._restart_broker(self._broker)
            for worker in self._workers:
                self._look_after(worker)

    def stop(self) -> None:
        """Stop everything in the order of the way of a fact; returns when every process is gone."""
        for worker in self._workers:
            if worker.process is not None:
                stop(worker.process, worker.program.stop_signal)
        if self._broker is not None:
            self._broker.stop()
        if self._postgres is not None:
            self._postgres.stop()

    def _restart_broker(self, broker: EmbeddedBroker) -> None:
        """A new broker has no topics, and any live client would make them, wrongly: so the workers wait."""
        _log.warning("the broker died; starting it again, and what uses it")
        for worker in self._workers:
            if worker.process is not None:
                stop(worker.process, worker.program.stop_signal)
        broker.start()
        bootstrap.ensure_topics(self._settings, remake=True)
        for worker in self._workers:
            self._start_worker(worker)

    def _look_after(self, worker: _Worker) -> None:
        now = monotonic()
        if worker.process is None:
            if now >= worker.start_at:
                self._start_worker(worker)
        elif worker.process.poll() is not None:
            worker.deaths = 1 if now - worker.started_at > _RECOVERED_S else worker.deaths + 1
            delay = min(0.1 * 2 ** (worker.deaths - 1), _LONGEST_DELAY_S)
            code = worker.process.returncode
            _log.warning("a process died", name=worker.program.name, exit_code=code, starts_again_in_s=delay)
            worker.process, worker.start_at = None, now + delay

    def _start_worker(self, worker: _Worker) -> None:
        worker.process = start(worker.program)
        worker.started_at = monotonic()
        self._say(f"{worker.program.name}: process {worker.process.pid}, log {worker.program.log}")

    def _make_workers(self, folder: Path) -> list[_Worker]:
        environment = child_environment(self._settings)
        arguments = {"relay": ["relay"], "consumer": ["consume", "--member", "consumer-1"]}
        return [
            _Worker(Program(name, [*self._command, *line], environment, folder / f"{name}.log", signal.SIGTERM))
            for name, line in arguments.items()
        ]

    def _describe(self) -> None:
        where = f"process {self._postgres.pid}, 127.0.0.1:{self._postgres.port}" if self._postgres else "as configured"
        self._say(f"postgresql: {where}")
        where = f"process {self._broker.pid}" if self._broker else "as configured"
        self._say(f"kafka: {where}, {self._settings.kafka.bootstrap}")


def _with_database(settings: Settings, postgres: EmbeddedPostgres) -> Settings:
    secrets: Mapping[str, str] = passwords(settings.data_dir, ROLES)
    urls = {role: postgres.url(user=f"lodestone_{role}", password=secrets[role]) for role in ROLES}
    return replace(settings, admin_database_url=postgres.url(), database_urls=urls)
