"""`growth-append`: single commands, 64 under way at a time, into a large log and into a small one."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from bench.lines import Line, Stage
from bench.measuring.runs import Side
from bench.stages.appending import Appends
from bench.work import Bench

_CONCURRENT = 64


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    services, commands = bench.services, bench.scale.commands
    with (
        services.copy_of(bench.logs.many.settings, "grown") as many,
        services.copy_of(bench.logs.few.settings, "growing") as few,
    ):
        yield {
            "append to many": Appends(bench, many, commands).ours(_CONCURRENT),
            "append to few": Appends(bench, few, commands).ours(_CONCURRENT),
        }


STAGE = Stage(
    lines=[Line("growth-append", "events/s", "append to many", "the same at a tenth", ["append to few"], 0.85)],
    sides=_sides,
)
