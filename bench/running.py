"""One run of the benchmark: stage by stage, each with its own sides, all on the same services."""

import json
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.lines import Line, Result, Stage, result_of
from bench.logs import Logs
from bench.measuring.runs import Measured, measure
from bench.results import document, own_versions
from bench.scale import Scale
from bench.services import running_services
from bench.stages import (
    append_1,
    append_64,
    bulk_import,
    freshness,
    growth_append,
    growth_project,
    project,
    query,
    rebuild,
    relay,
)
from bench.work import Bench

STAGES: Sequence[Stage] = (
    append_64.STAGE,
    append_1.STAGE,
    bulk_import.STAGE,
    relay.STAGE,
    project.STAGE,
    rebuild.STAGE,
    growth_append.STAGE,
    growth_project.STAGE,
    query.STAGE,
    freshness.STAGE,
)
LINES: Mapping[str, Line] = {line.stage: line for stage in STAGES for line in stage.lines}
# In an environment of their own: left out where that is missing.
PEERS_ONLY = ("project-peers",)
_PEERS_VERSIONS = (
    "import json; from importlib.metadata import version;"
    " print(json.dumps({name: version(name) for name in ('quixstreams', 'faust-streaming', 'bytewax')}))"
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured.

    Attributes:
        scale: how much.
        stages: names of lines.
        peers: the interpreter of the peers' environment, None to leave them out.
        scratch: a folder for services and data; emptied before and after.
    """

    scale: Scale
    stages: Collection[str]
    peers: Path | None
    scratch: Path


def carry_out(
    order: Order, told: Callable[[str], None], keep: Callable[[Mapping[str, Any]], None] = lambda _: None
) -> dict[str, Any]:
    """Measure, and give the document of ``bench/out/results.json``.

    Args:
        order: what is to be measured.
        told: is told what is done next.
        keep: is given the document of what is measured so far, after each stage: a full run takes an hour, and what
            ends it must not take its earlier lines along.

    Raises:
        WrongFigures: ``bench.wrong_figures``: something that was measured computed wrong figures.
        ProgramFailed: ``bench.program_failed``.
        DataDirInUse: ``data_dir.in_use``.
    """
    results: list[Result] = []
    measured: dict[str, Measured] = {}
    with running_services(order.scratch) as services:
        bench = Bench(services, order.scale, Logs(services, order.scale, told), order.peers, told)
        versions = {"postgresql": services.postgres_version(), **_versions(order.peers)}
        for stage in STAGES:
            lines = [line for line in stage.lines if line.stage in order.stages]
            if order.peers is None:
                lines = [line for line in lines if not _left_out(line, bench)]
            if lines:
                found = _measure(bench, stage, lines)
                results += _results(lines, found, bench)
                measured |= {f"{lines[0].stage}: {name}": each for name, each in found.items()}
                keep(document(order.scale.name, results, measured, versions, bench.left_out))
    return document(order.scale.name, results, measured, versions, bench.left_out)


def _measure(bench: Bench, stage: Stage, lines: Sequence[Line]) -> Mapping[str, Measured]:
    wanted = {side for line in lines for side in line.sides()}
    names = ", ".join(line.stage for line in lines)
    bench.told(f"{names}: getting ready")
    with stage.sides(bench, wanted) as sides:
        chosen = {name: side for name, side in sides.items() if name in wanted}
        return measure(chosen, bench.scale.runs, lambda what: bench.told(f"{names}: {what}"), bench.left_out)


def _results(lines: Sequence[Line], measured: Mapping[str, Measured], bench: Bench) -> list[Result]:
    for line in lines:
        if line.against and not any(name in measured for name in line.against):
            bench.left_out[line.stage] = "no baseline works here"
    return [result_of(line, measured) for line in lines if line.stage not in bench.left_out]


def _left_out(line: Line, bench: Bench) -> bool:
    if line.stage in PEERS_ONLY:
        bench.left_out[line.stage] = "peers were not asked for (PEERS=0)"
    return line.stage in PEERS_ONLY


def _versions(peers: Path | None) -> Mapping[str, str]:
    if peers is None:
        return own_versions()
    told = subprocess.run([str(peers), "-c", _PEERS_VERSIONS], check=True, capture_output=True)  # noqa: S603 - whoever runs the benchmark names the interpreter; the program is a constant
    return {**own_versions(), **json.loads(told.stdout)}
