"""`append-1`: single commands of one client, against one INSERT and commit a row."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from bench.lines import Line, Stage
from bench.measuring.runs import Side
from bench.stages.appending import Appends
from bench.work import Bench


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    with bench.services.copy_of(bench.logs.ground, "append") as settings:
        appends = Appends(bench, settings, bench.scale.single_commands)
        yield {
            "append": appends.ours(1),
            "plain insert": appends.other("plain insert", "bench.children.plain_insert", 1),
        }


STAGE = Stage(
    lines=[Line("append-1", "events/s", "append", "INSERT and commit by psycopg", ["plain insert"], 0.8)],
    sides=_sides,
)
