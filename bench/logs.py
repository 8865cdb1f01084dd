"""Logs that several stages read, made once a run: by import, by direct loading, by relay and by rebuild."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import psycopg

from bench.checks import check_volumes
from bench.measuring.programs import LODESTONE
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
    """

    settings: Settings
    events: int
    totals: Totals


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
        return self._loaded("few", self._scale.few_sales)

    @cached_property
    def many(self) -> Log:
        """The large log, and a topic that holds all of it."""
        log = self._loaded("many", self._scale.sales)
        self._told(f"publishing {log.events} events")
        self.publish(log.settings)
        return log

    @cached_property
    def few_published(self) -> Log:
        """The small log, and a topic that holds all of it."""
        return self._published("few-published", self.few)

    @cached_property
    def few_rebuilt(self) -> Log:
        """The small log with every read model, checked."""
        return self._rebuilt("few-rebuilt", self.few_published)

    @cached_property
    def many_rebuilt(self) -> Log:
        """The large log with every read model, checked."""
        return self._rebuilt("many-rebuilt", self.many)

    def publish(self, settings: Settings) -> None:
        """Let the relay publish all that a store holds."""
        topic = Topics(settings.topic_prefix).events
        workshop = self._services.workshop(settings)
        with (
            psycopg.connect(str(settings.admin_database_url), autocommit=True) as connection,
            workshop.running({"relay": [*LODESTONE, "relay"]}) as running,
        ):
            head = _number(connection, _HEAD)
            running.until_done(lambda: _number(connection, _MARK, topic), head)

    def _loaded(self, name: str, sales: int) -> Log:
        base = self.ground
        self._told(f"loading {sales} sales")
        settings = self._services.kept_copy(base, name)
        url = str(settings.admin_database_url)
        totals = load(url, deals(self.trade, sales), lambda done: self._told(f"loaded {done} of {sales} sales"))
        analyse(url)
        with psycopg.connect(url) as connection:
            return Log(settings, _number(connection, _HEAD), totals)

    def _published(self, name: str, log: Log) -> Log:
        self._told(f"publishing {log.events} events")
        settings = self._services.kept_copy(log.settings, name)
        self.publish(settings)
        return Log(settings, log.events, log.totals)

    def _rebuilt(self, name: str, log: Log) -> Log:
        settings = self._services.kept_copy(log.settings, name, log.settings.topic_prefix)
        self._told(f"rebuilding every read model of {log.events} events")
        self._finish(settings, "rebuild")
        check_volumes(settings, log.totals)
        return Log(settings, log.events, log.totals)

    def _finish(self, settings: Settings, *arguments: str) -> None:
        self._services.workshop(settings).run_to_end("lodestone", [*LODESTONE, *arguments])


def _number(connection: psycopg.Connection, statement: bytes, *parameters: str) -> int:
    row = connection.execute(statement, parameters).fetchone()
    return int(row[0]) if row else 0
