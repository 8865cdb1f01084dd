"""`append-64`: single commands, 64 under way at a time, against the library's own ``save`` from 8 threads."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from bench.lines import Line, Stage
from bench.measuring.runs import Side
from bench.stages.appending import Appends
from bench.work import Bench

_CONCURRENT = 64
_THREADS = 8


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    with bench.services.copy_of(bench.logs.ground, "append") as settings:
        appends = Appends(bench, settings, bench.scale.commands)
        yield {
            "append": appends.ours(_CONCURRENT),
            "stock save": appends.other("stock save", "bench.children.stock_save", _THREADS),
        }


STAGE = Stage(
    lines=[Line("append-64", "events/s", "append", "stock save, 8 threads", ["stock save"], 5.0)],
    sides=_sides,
)
