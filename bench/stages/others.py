"""Sides that fold a topic by other means, into tables of their own in the same PostgreSQL."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from bench.checks import check_by_hand
from bench.logs import Log
from bench.measuring.meter import metered
from bench.measuring.runs import Run, Side
from bench.stages.consuming import batch_of
from bench.work import Bench
from infra.kafka.topics import Topics

_TABLES = Path(__file__).parents[1] / "peers" / "tables.sql"
_DONE = b"SELECT messages FROM done"


@dataclass(frozen=True, slots=True)
class OtherConsumers:
    """Gives sides that do the same work by other means, into tables of their own in the same PostgreSQL."""

    bench: Bench
    log: Log
    _runs: "count[int]" = field(default_factory=count)

    def side(self, name: str, module: str, python: Path, *, optional: bool = False) -> Side:
        """Give the side of one of them; what is optional may turn out not to work here."""
        return Side(lambda: self._run(name, module, python), optional=optional)

    def _run(self, name: str, module: str, python: Path) -> Run:
        services, settings = self.bench.services, self.log.settings
        workshop = services.workshop(settings)
        with self._database() as (url, done):
            line = ["--bootstrap", settings.require_bootstrap(), "--topic", Topics(settings.topic_prefix).events]
            line += ["--url", url, "--batch", str(batch_of(self.log)), "--group", f"bench-{next(self._runs)}"]
            with (
                # All is committed when it has done; taking leave of the group would take as long again.
                workshop.running({name: [str(python), "-m", module, *line]}, signal.SIGKILL) as running,
                metered({**running.pids, **workshop.services}) as meter,
            ):
                rate = running.until_done(done, self.log.events)
            check_by_hand(url, self.log.totals)
        return Run(rate, meter.usage())

    @contextmanager
    def _database(self) -> Iterator[tuple[str, Callable[[], int]]]:
        services = self.bench.services
        services.drop_store("other")
        services.postgres.ensure_database("other")
        url = services.postgres.url("other")
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_TABLES.read_bytes())
                yield url, lambda: _number(connection)
        finally:
            services.drop_store("other")


def _number(connection: psycopg.Connection) -> int:
    row = connection.execute(_DONE).fetchone()
    return int(row[0]) if row else 0
