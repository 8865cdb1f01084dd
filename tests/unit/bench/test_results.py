"""The document of ``bench/out/results.json``."""

from bench.lines import Line, result_of
from bench.measuring.runs import Measured, Run, Usage
from bench.results import document


def measured(value: float) -> Measured:
    """Give a side that was run once, by one process beside the services."""
    return Measured([Run(value, {"import": Usage(1.5, 80.0), "postgresql": Usage(9.0, 9.0)})])


def test_a_ratio_just_below_its_bound_does_not_look_like_it() -> None:
    """Four digits: 0.2494 of 0.25 is not reached, and shows it; services count for nobody's memory and CPU."""
    line = Line("import", "events/s", "import", "COPY", ["copy"], 0.25)
    result = result_of(line, {"import": measured(31_000), "copy": measured(124_300)})
    assert document("full", [result], {}, {}, {})["lines"] == [
        {
            "stage": "import",
            "ours": 31_000.0,
            "unit": "events/s",
            "baseline": "COPY",
            "baseline_value": 124_300.0,
            "ratio": 0.2494,
            "must": 0.25,
            "met": False,
            "min": 31_000.0,
            "max": 31_000.0,
            "cpu_s": 1.5,
            "peak_mb": 80.0,
        }
    ]
