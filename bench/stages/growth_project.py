"""`growth-project`: projecting what comes on top of a large log and of a small one, read models filled."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from copy import deepcopy
from itertools import count

import psycopg

from bench.checks import check_volumes, expected_volumes
from bench.lines import Line, Stage
from bench.logs import Log
from bench.measuring.runs import Run, Side
from bench.stages.consuming import project
from bench.trade.deals import deals
from bench.trade.loading import load
from bench.work import Bench
from infra import write_side
from infra.kafka.connection import patient
from infra.kafka.topics import TopicDirectory, Topics
from infra.settings import Settings

_FIRST_FREE = 10_000_000
_PUBLISHED = """
INSERT INTO lodestone.publications (topic, partition, position)
SELECT %s, partition, position FROM lodestone.publications WHERE topic = %s
"""
_MARKED = """
INSERT INTO lodestone.relay_marks (topic, position, topic_id)
SELECT %s, position, %s FROM lodestone.relay_marks WHERE topic = %s
"""


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    with (
        _grown(bench, bench.logs.many_rebuilt, "grown") as many,
        _grown(bench, bench.logs.few_rebuilt, "growing") as few,
    ):
        yield {"project on many": many, "project on few": few}


@contextmanager
def _grown(bench: Bench, log: Log, name: str) -> Iterator[Side]:
    """Give a side that adds to a log whose past is projected, and whose topic holds nothing of that past."""
    numbers, totals = count(_FIRST_FREE, bench.scale.growth_events), deepcopy(log.totals)
    with (
        bench.services.copy_of(log.settings, name) as copy,
        bench.services.topics_of(copy, f"{name}.") as settings,
        _publishing_future(bench, log.settings.topic_prefix, settings) as until_published,
    ):

        def run() -> Run:
            with write_side.event_log(settings) as events:
                past = events.head()
            # Two events a sale.
            more = deals(bench.logs.trade, bench.scale.growth_events // 2, next(numbers))
            load(str(settings.admin_database_url), more, lambda _: None, totals)
            until_published()
            return project(bench, settings, 1, ["volumes"], past)

        yield Side(run)
        # What they must be now takes longer to add up than a run: so once, after all of them.
        check_volumes(settings, expected_volumes(totals))


@contextmanager
def _publishing_future(bench: Bench, old_prefix: str, settings: Settings) -> Iterator[Callable[[], object]]:
    """Run a relay for what comes from now on; it has nothing to publish while consumers are timed."""
    _publish_past(old_prefix, settings)
    with bench.logs.relaying(settings) as until_published:
        yield until_published


def _publish_past(prefix: str, settings: Settings) -> None:
    """Say that the past was published to these topics, as it was to the others: so the relay begins after it."""
    old, new = Topics(prefix), Topics(settings.topic_prefix)
    with (
        closing(TopicDirectory(patient(settings.require_bootstrap(), {}))) as directory,
        psycopg.connect(str(settings.admin_database_url)) as connection,
    ):
        for source, target in ((old.events, new.events), (old.exports, new.exports)):
            connection.execute(_PUBLISHED, (target, source))
            connection.execute(_MARKED, (target, directory.identity(target), source))


STAGE = Stage(
    lines=[Line("growth-project", "events/s", "project on many", "the same at a tenth", ["project on few"], 0.85)],
    sides=_sides,
)
