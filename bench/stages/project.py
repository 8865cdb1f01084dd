"""`project...`: from a full topic to committed read models, against whoever else reads the same topic.

All sides read the same messages, so they are measured together, by turns.
"""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.lines import Line, Stage
from bench.measuring.runs import Side
from bench.stages.consuming import ours, polling
from bench.stages.others import OtherConsumers
from bench.work import Bench

_VOLUMES = "volumes"
_PEERS = {
    "Quix Streams": "bench.peers.quix_streams",
    "Faust": "bench.peers.faust_stream",
    "Bytewax": "bench.peers.bytewax_flow",
}


@contextmanager
def _sides(bench: Bench, wanted: Collection[str]) -> Iterator[Mapping[str, Side]]:
    log = bench.logs.few_published
    others = OtherConsumers(bench, log)
    makers: dict[str, Callable[[], Side]] = {
        "project": lambda: ours(bench, log, 1, _VOLUMES),
        # Each run is a new process on a new copy: what there is to warm, the first side has warmed.
        "project all": lambda: replace(ours(bench, log, 1), warm_up=lambda: None),
        "project with 2": lambda: replace(ours(bench, log, 2, _VOLUMES), warm_up=lambda: None),
        "poll": lambda: polling(bench, log),
        "by hand": lambda: others.side("by hand", "bench.peers.by_hand", Path(sys.executable)),
    }
    yield {
        **{name: make() for name, make in makers.items() if name in wanted},
        **{name: side for name, side in _peers(bench, others).items() if name in wanted},
    }


def _peers(bench: Bench, others: OtherConsumers) -> Mapping[str, Side]:
    if bench.peers is None:
        return {}
    return {name: others.side(name, module, bench.peers, optional=True) for name, module in _PEERS.items()}


STAGE = Stage(
    lines=[
        Line("project", "events/s", "project", "kafka-python polls and throws away", ["poll"], 0.4),
        Line("project-all", "events/s", "project all", "kafka-python polls and throws away", ["poll"], 0.25),
        Line("project-2", "events/s", "project with 2", "1 process", ["project"], 1.7),
        Line("project-peers", "events/s", "project", "the best of three", list(_PEERS), 2.0),
        Line("project-by-hand", "events/s", "project", "confluent-kafka and psycopg, by hand", ["by hand"], 0.7),
    ],
    sides=_sides,
)
