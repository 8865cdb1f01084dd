"""Sides that read one topic from its beginning: the product's consumers, and kafka-python alone."""

from collections.abc import Sequence
from signal import SIGKILL

from bench.checks import check_volumes
from bench.logs import Log
from bench.measuring.meter import metered
from bench.measuring.runs import Run, Side
from bench.stages.applied import applied_events, gate
from bench.work import Bench, consumers
from infra.kafka.topics import Topics
from infra.settings import Settings
from projections.catalogue import catalogue

_MOST_OF_A_BATCH = 10_000


def project(bench: Bench, settings: Settings, processes: int, views: Sequence[str], after: int = 0) -> Run:
    """Run consumers until all that is published beyond a position is applied, and committed.

    They are not asked to go: half a second each time, until the last poll is over, for nothing that is measured.

    Args:
        bench: the run.
        settings: a store whose events beyond ``after`` no consumer has seen.
        processes: how many share the partitions.
        views: units; none for all of them.
        after: a position that everything is applied up to.
    """
    workshop, units = bench.services.workshop(settings), views or list(catalogue())
    with (
        applied_events(settings, units, after) as applied,
        gate(settings) as open_gate,
        workshop.running(consumers(processes, *views), SIGKILL) as running,
        metered({**running.pids, **workshop.services}) as meter,
    ):
        open_gate(processes)
        rate = running.until_done(applied.count, applied.total, whole=True)
    return Run(rate, meter.usage())


def ours(bench: Bench, log: Log, processes: int, *views: str) -> Side:
    """Give a side that projects a whole log into empty read models, and checks the figures."""

    def run() -> Run:
        with bench.services.copy_of(log.settings, "projected") as settings:
            done = project(bench, settings, processes, views)
            check_volumes(settings, log.volumes)
            return done

    return Side(run)


def polling(bench: Bench, log: Log) -> Side:
    """Give the side that polls and throws away."""
    settings = log.settings
    line = ["--bootstrap", settings.require_bootstrap(), "--topic", Topics(settings.topic_prefix).events]
    line += ["--total", str(log.events), "--batch", str(batch_of(log))]
    return Side(lambda: bench.services.workshop(settings).finish("poll", "bench.children.polling", line).run())


def batch_of(log: Log) -> int:
    """Give a batch that is large, and still one of many."""
    return min(_MOST_OF_A_BATCH, max(log.events // 20, 100))
