"""The table, on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

_WHY = "what takes the time: docs/performance.md (judge at full size)"


def show(console: Console, found: Mapping[str, Any]) -> None:
    """Print the lines, what each process took, what is not reached, and what has no figure."""
    console.print(_lines(found))
    console.print(_processes(found))
    for line in found["lines"]:
        if not line["met"]:
            console.print(f"not reached: {line['stage']}: {line['ratio']} of {line['must']}; {_WHY}", markup=False)
    for name, reason in found["left_out"].items():
        console.print(f"left out: {name}: {reason}", markup=False)


def _lines(found: Mapping[str, Any]) -> Table:
    machine = found["machine"]
    table = Table(title=f"scale {found['scale']}, {machine['cores']} cores, {machine['cpu']}")
    for heading in ("stage", "baseline"):
        table.add_column(heading)
    for heading in ("ours", "min", "max", "baseline's", "unit", "ratio", "must", "met"):
        table.add_column(heading, justify="right")
    for line in found["lines"]:
        figures = [f"{line[name]:,}" for name in ("ours", "min", "max", "baseline_value")]
        met = "yes" if line["met"] else "NO"
        table.add_row(
            line["stage"], line["baseline"], *figures, line["unit"], str(line["ratio"]), str(line["must"]), met
        )
    return table


def _processes(found: Mapping[str, Any]) -> Table:
    table = Table(title="what each process took in the median run")
    for heading in ("side", "process"):
        table.add_column(heading)
    for heading in ("CPU s", "peak MB"):
        table.add_column(heading, justify="right")
    for each in found["processes"]:
        table.add_row(each["side"], each["process"], str(each["cpu_s"]), str(each["peak_mb"]))
    return table
