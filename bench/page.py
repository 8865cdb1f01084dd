"""`make bench-page`: writes the figures of bench/out/results.json into docs/performance.md, between its two markers."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures: written by make bench-page -->", "<!-- end of the figures -->"
_ROOT = Path(__file__).parents[1]


class PageRefused(Exception):
    """The page has no place for the figures. ``bench.no_markers``."""

    code = "bench.no_markers"


def figures(found: Mapping[str, Any]) -> str:
    """Write the document of a run as Markdown: machine, versions, lines, what has no figure, processes."""
    machine = found["machine"]
    where = f"{machine['cores']} cores of {machine['cpu']}, {machine['memory_gb']} GB, {machine['system']}"
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    parts = [
        f"Scale `{found['scale']}`, on {where}.",
        _table(
            ("stage", "ours", "min to max", "baseline", "baseline's", "unit", "ratio", "must", "met"),
            [_line(each) for each in found["lines"]],
        ),
        *([_left_out(found["left_out"])] if found["left_out"] else []),
        "What each process took in the median run (CPU seconds with its start, and MB of its own at most):",
        _table(("side", "process", "CPU s", "MB"), [_process(each) for each in found["processes"]]),
        f"Versions: {versions}.",
    ]
    return "\n\n".join(parts)


def with_figures(page: str, written: str) -> str:
    """Put figures between the markers of a page.

    Raises:
        PageRefused: ``bench.no_markers``.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise PageRefused(f"the page lacks the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{written}\n\n{END}{after}"


def main() -> None:
    """Read the command line and write the page."""
    parser = ArgumentParser(prog="make bench-page", description=__doc__)
    parser.add_argument("--results", type=Path, default=_ROOT / "bench" / "out" / "results.json")
    parser.add_argument("--page", type=Path, default=_ROOT / "docs" / "performance.md")
    told = parser.parse_args()
    if not told.results.exists():
        sys.exit(f"error: there is no {told.results}; run `make bench` first")
    found = json.loads(told.results.read_text(encoding="utf-8"))
    told.page.write_text(with_figures(told.page.read_text(encoding="utf-8"), figures(found)), encoding="utf-8")


def _line(line: Mapping[str, Any]) -> Sequence[str]:
    return (
        f"`{line['stage']}`",
        f"{line['ours']:,}",
        f"{line['min']:,} to {line['max']:,}",
        line["baseline"],
        f"{line['baseline_value']:,}",
        line["unit"],
        f"{line['ratio']:.3f}",
        f"{line['must']:.2f}",
        "yes" if line["met"] else "**no**",
    )


def _process(each: Mapping[str, Any]) -> Sequence[str]:
    return each["side"], each["process"], f"{each['cpu_s']:.2f}", f"{each['peak_mb']:.0f}"


def _left_out(reasons: Mapping[str, str]) -> str:
    return "\n".join(f"* Without a figure: `{name}`: {reason}" for name, reason in reasons.items())


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
