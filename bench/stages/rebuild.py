"""`rebuild`, `growth-rebuild`: all read models from the store, against live projection and against a small log."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from bench.checks import check_volumes
from bench.lines import Line, Stage
from bench.logs import Log
from bench.measuring.programs import LODESTONE
from bench.measuring.runs import Run, Side
from bench.stages.consuming import ours
from bench.work import Bench


@contextmanager
def _sides(bench: Bench, wanted: Collection[str]) -> Iterator[Mapping[str, Side]]:
    makers: dict[str, Callable[[], Side]] = {
        "rebuild": lambda: _rebuild(bench, lambda: bench.logs.many_rebuilt),
        "project all, live": lambda: _live(bench),
        "rebuild of few": lambda: _rebuild(bench, lambda: bench.logs.few_rebuilt),
    }
    yield {name: make() for name, make in makers.items() if name in wanted}


def _rebuild(bench: Bench, rebuilt: Callable[[], Log]) -> Side:
    """Rebuild a log again and again: it is the same log afterwards. Its first rebuild is the warm-up."""

    def run() -> Run:
        log = rebuilt()
        done = bench.services.workshop(log.settings).run_to_end("rebuild", [*LODESTONE, "rebuild"])
        check_volumes(log.settings, log.totals)
        return Run(log.events / done.seconds, done.processes)

    return Side(run, warm_up=rebuilt)


def _live(bench: Bench) -> Side:
    # What it takes to project is the same for every event: the small log warms up as well, in a tenth of the time.
    return Side(ours(bench, bench.logs.many, 1).run, warm_up=ours(bench, bench.logs.few_published, 1).run)


STAGE = Stage(
    lines=[
        Line("rebuild", "events/s", "rebuild", "live projection of the same", ["project all, live"], 2.0),
        Line("growth-rebuild", "events/s", "rebuild", "the same at a tenth", ["rebuild of few"], 0.85),
    ],
    sides=_sides,
)
