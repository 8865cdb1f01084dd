"""The benchmark on next to nothing: what it computes is right and its file has its form. No time is judged."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench.checks import WrongFigures
from bench.results import write
from bench.running import LINES, Order, carry_out
from bench.scale import SCALES
from bench.trade import totals

# Two dozen processes one after another: on a busy machine that is minutes.
pytestmark = [pytest.mark.kafka, pytest.mark.embedded, pytest.mark.timeout(900)]

FORM = {
    "stage": str,
    "ours": float,
    "unit": str,
    "baseline": str,
    "baseline_value": float,
    "ratio": float,
    "must": float,
    "met": bool,
    "min": float,
    "max": float,
    "cpu_s": float,
    "peak_mb": float,
}


def measured(folder: Path, *stages: str) -> dict[str, Any]:
    """Run some stages without peers; give what the file holds."""
    found = carry_out(Order(SCALES["tiny"], stages, None, folder / "scratch"), lambda _: None)
    write(folder / "out" / "results.json", found)
    results: dict[str, Any] = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    return results


def test_every_line_is_measured_and_has_its_form(tmp_path: Path) -> None:
    """One line of every stage, our totals and the baseline's equal to the trade's; peers are left out with a reason."""
    stages = ["append-64", "append-1", "import", "relay", "project-by-hand", "project-peers", "rebuild"]
    stages += ["growth-append", "growth-project", "query-trail", "freshness"]
    found = measured(tmp_path, *stages)
    lines = {line["stage"]: line for line in found["lines"]}
    assert list(lines) == [stage for stage in stages if stage != "project-peers"]
    assert found["left_out"] == {"project-peers": "peers were not asked for (PEERS=0)"}
    assert found["scale"] == "tiny"
    for line in lines.values():
        assert {name: type(value) for name, value in line.items()} == FORM
        assert line["min"] <= line["ours"] <= line["max"]
        assert (line["must"], line["unit"]) == (LINES[line["stage"]].must, LINES[line["stage"]].unit)
    processes = {each["process"] for each in found["processes"] if each["side"] == "project-by-hand: by hand"}
    assert processes == {"by hand", "postgresql", "broker"}
    assert list((tmp_path / "scratch").iterdir()) == [tmp_path / "scratch" / "lock"]


def test_wrong_figures_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One nanogram in a milligram, and the stage has no line: a fast wrong answer is none. Earlier lines are kept."""
    monkeypatch.setattr(totals, "_NG_OF_A_MG", 1_000_001)
    kept: list[Mapping[str, Any]] = []
    order = Order(SCALES["tiny"], ["append-1", "project"], None, tmp_path / "scratch")
    with pytest.raises(WrongFigures, match=r"volumes by client: .* figures differ"):
        carry_out(order, lambda _: None, kept.append)
    assert [[line["stage"] for line in found["lines"]] for found in kept] == [["append-1"]]
