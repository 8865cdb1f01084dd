"""Logs that several stages read, made once a run: by import, by direct loading, by relay and by rebuild."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import psycopg

from bench.checks import ExpectedVolumes, check_volumes, expected_volumes
from bench.measuring.programs import LODESTONE, Finished
from bench.scale import Scale
from bench.services import Services
from bench.trade.deals import Ground, deals, ground
from bench.trade.files import write_ground
from bench.trade.loading import analyse, load
from bench.trade.totals import Totals
from infra.kafka.topics import Topics
from infra.settings import Settings

_MARK = b"SELECT coalesce(max(position), 0) FROM lodestone.relay_marks WHERE topic = %s"
_HEAD = b"SELECT coalesce(max(position), 0) FROM lodestone.events"


@dataclass(frozen=True, slots=True)
class Log:
    """A store that stages copy and never change.

    Attributes:
        settings: how it is found.
        events: how many it holds; the positions are the same numbers.
        totals: what its figures must be.
        volumes: what the product must answer of them.
    """

    settings: Settings
    events: int
    totals: Totals
    volumes: ExpectedVolumes


class Logs:
    """Makes each log when it is first asked for.

    Args:
        services: where.
        scale: how large.
        told: is told what is done next.
    """

    def __init__(self, services: Services, scale: Scale, told: Callable[[str], None]) -> None:
        self._services = services
        self._scale = scale
        self._told = told
        self._rebuilt: dict[str, Log] = {}
        self.trade: Ground = ground(scale.sales)

    @cached_property
    def ground(self) -> Settings:
        """Exporters, grades and clients, filed as anybody files them."""
        self._told("making the ground: exporters, grades and clients")
        settings = self._services.new_store("ground")
        folder = self._services.folder / "ground"
        write_ground(folder, self.trade)
        self._finish(settings, "import", str(folder))
        return settings

    @cached_property
    def few(self) -> Log:
        """The small log."""
        log = self._loaded(self._services.kept_copy(self.ground, "few"), self._scale.few_sales)
        analyse(str(log.settings.admin_database_url))
        return log

    @cached_property
    def many(self) -> Log:
        """The large log, and a topic that holds all of it: it is published while it is loaded."""
        settings = self._services.kept_copy(self.ground, "many")
        with self.relaying(settings) as until_published:
            log = self._loaded(settings, self._scale.sales)
            self._told(f"publishing what is left of {log.events} events")
            until_published()
        analyse(str(settings.admin_database_url))
        return log

    @cached_property
    def few_published(self) -> Log:
        """The small log, and a topic that holds all of it."""
        return self._published("few-published", self.few)

    @property
    def few_rebuilt(self) -> Log:
        """The small log with every read model, checked."""
        return self._rebuilt.get("few") or self.rebuild_few()[0]

    @property
    def many_rebuilt(self) -> Log:
        """The large log with every read model, checked."""
        return self._rebuilt.get("many") or self.rebuild_many()[0]

    def rebuild_few(self) -> tuple[Log, Finished]:
        """Rebuild every read model of a fresh copy of the small log; it takes the place of ``few_rebuilt``."""
        return self._rebuild("few", self.few_published)

    def rebuild_many(self) -> tuple[Log, Finished]:
        """Rebuild every read model of a fresh copy of the large log; it takes the place of ``many_rebuilt``."""
        return self._rebuild("many", self.many)

    @contextmanager
    def relaying(self, settings: Settings) -> Iterator[Callable[[], object]]:
        """Run the relay; give what waits until it has published what the store holds by then."""
        topic = Topics(settings.topic_prefix).events
        workshop = self._services.workshop(settings)
        # Several run side by side; each has a log file of its own name.
        name = f"relay of {topic}"
        with (
            psycopg.connect(str(settings.admin_database_url), autocommit=True) as connection,
            workshop.running({name: [*LODESTONE, "relay"]}) as running,
        ):
            yield lambda: running.until_done(lambda: _number(connection, _MARK, topic), _number(connection, _HEAD))

    def _loaded(self, settings: Settings, sales: int) -> Log:
        self._told(f"loading {sales} sales")
        url = str(settings.admin_database_url)
        totals = load(url, deals(self.trade, sales), lambda done: self._told(f"loaded {done} of {sales} sales"))
        with psycopg.connect(url) as connection:
            return Log(settings, _number(connection, _HEAD), totals, expected_volumes(totals))

    def _published(self, name: str, log: Log) -> Log:
        self._told(f"publishing {log.events} events")
        settings = self._services.kept_copy(log.settings, name)
        with self.relaying(settings) as until_published:
            until_published()
        analyse(str(settings.admin_database_url))
        return replace(log, settings=settings)

    def _rebuild(self, size: str, log: Log) -> tuple[Log, Finished]:
        settings = self._services.kept_copy(log.settings, f"{size}-rebuilt", log.settings.topic_prefix)
        self._told(f"rebuilding every read model of {log.events} events")
        done = self._finish(settings, "rebuild")
        check_volumes(settings, log.volumes)
        self._rebuilt[size] = replace(log, settings=settings)
        return self._rebuilt[size], done

    def _finish(self, settings: Settings, command: str, *arguments: str) -> Finished:
        return self._services.workshop(settings).run_to_end(command, [*LODESTONE, command, *arguments])


def _number(connection: psycopg.Connection, statement: bytes, *parameters: str) -> int:
    row = connection.execute(statement, parameters).fetchone()
    return int(row[0]) if row else 0
