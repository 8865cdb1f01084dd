"""What `make bench` prints."""

from io import StringIO
from typing import Any

from rich.console import Console

from bench.table import show


def _line(stage: str, ratio: float, *, met: bool) -> dict[str, Any]:
    figures = {"ours": 100.0, "min": 90.0, "max": 110.0, "baseline_value": 125.0, "ratio": ratio, "must": 0.8}
    return {"stage": stage, "baseline": "COPY", "unit": "events/s", "met": met, **figures}


def test_what_is_not_reached_is_named_below_the_table() -> None:
    """With its ratio and with where the reason stands; what is reached, and what was left out, stand apart."""
    found = {
        "scale": "full",
        "machine": {"cores": 2, "cpu": "a CPU"},
        "lines": [_line("append-1", 0.8, met=True), _line("relay", 0.79, met=False)],
        "processes": [{"side": "relay: relay", "process": "relay", "cpu_s": 1.5, "peak_mb": 80.0}],
        "left_out": {"project-peers": "no peers [here]"},
    }
    printed = StringIO()
    show(Console(file=printed, width=200), found)
    below = [line.rstrip() for line in printed.getvalue().splitlines() if ": " in line and "│" not in line]
    assert below == [
        "not reached: relay: 0.79 of 0.8; what takes the time: docs/performance.md (judge at full size)",
        "left out: project-peers: no peers [here]",
    ]
