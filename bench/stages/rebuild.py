"""`rebuild`, `growth-rebuild`: all read models from the store, against live projection and against a small log."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from bench.lines import Line, Stage
from bench.logs import Log
from bench.measuring.programs import Finished
from bench.measuring.runs import Run, Side
from bench.stages.consuming import ours
from bench.work import Bench


@contextmanager
def _sides(bench: Bench, wanted: Collection[str]) -> Iterator[Mapping[str, Side]]:
    # Made here, not within the first run that needs it.
    many = bench.logs.many
    makers: dict[str, Callable[[], Side]] = {
        "rebuild": lambda: _rebuild(bench, bench.logs.rebuild_many),
        "project all, live": lambda: _live(bench, many),
        "rebuild of few": lambda: _rebuild(bench, bench.logs.rebuild_few),
    }
    yield {name: make() for name, make in makers.items() if name in wanted}


# What it takes is the same for every event: the small log warms up as well, in a tenth of the time.
def _rebuild(bench: Bench, rebuild: Callable[[], tuple[Log, Finished]]) -> Side:
    def run() -> Run:
        log, done = rebuild()
        return Run(log.events / done.seconds, done.processes)

    return Side(run, warm_up=lambda: bench.logs.few_rebuilt)


def _live(bench: Bench, many: Log) -> Side:
    return Side(ours(bench, many, 1).run, warm_up=ours(bench, bench.logs.few_published, 1).run)


STAGE = Stage(
    lines=[
        Line("rebuild", "events/s", "rebuild", "live projection of the same", ["project all, live"], 2.0),
        Line("growth-rebuild", "events/s", "rebuild", "the same at a tenth", ["rebuild of few"], 0.85),
    ],
    sides=_sides,
)
