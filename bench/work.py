"""What every stage works with: services, sizes, logs that are made once, and somebody to tell."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.logs import Logs
from bench.scale import Scale
from bench.services import Services


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the benchmark.

    Attributes:
        services: PostgreSQL and the broker.
        scale: how much of everything.
        logs: made once, and shared between stages.
        peers: the interpreter of the peers' environment, None where they are left out.
        told: is told what is done next.
        left_out: stage or side -> why there is no figure.
    """

    services: Services
    scale: Scale
    logs: Logs
    peers: Path | None
    told: Callable[[str], None]
    left_out: dict[str, str] = field(default_factory=dict)


def consumers(processes: int, *views: str) -> Mapping[str, list[str]]:
    """Give the commands of consumers that share the partitions."""
    command = [sys.executable, "-P", "-m", "bench.children.consuming"]
    return {f"consumer-{number + 1}": [*command, str(number), str(processes), *views] for number in range(processes)}
