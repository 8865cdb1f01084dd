"""The page of figures: written between its markers, and nothing else is touched."""

import pytest

from bench.page import BEGIN, END, PageRefused, figures, with_figures

RESULTS = {
    "scale": "small",
    "machine": {"cpu": "Some CPU", "cores": 2, "memory_gb": 24.0, "system": "Linux 6"},
    "versions": {"python": "3.11.7"},
    "lines": [
        {
            "stage": "relay",
            "ours": 50_000.0,
            "unit": "events/s",
            "baseline": "kafka-python, the same bytes",
            "baseline_value": 60_000.0,
            "ratio": 0.8333,
            "must": 0.8,
            "met": True,
            "min": 40_000.0,
            "max": 55_000.0,
            "cpu_s": 1.5,
            "peak_mb": 60.0,
        }
    ],
    "processes": [{"side": "relay: relay", "process": "broker", "cpu_s": 0.5, "peak_mb": 12.3}],
    "left_out": {"Faust": "no lz4"},
}


def test_every_figure_is_in_its_row() -> None:
    """A line's row holds all of it, and what is left out is said."""
    written = figures(RESULTS)
    cells = ("`relay`", "50,000.0", "40,000.0 to 55,000.0", "kafka-python, the same bytes", "60,000.0", "events/s")
    assert f"| {' | '.join((*cells, '0.833', '0.80', 'yes'))} |" in written.splitlines()
    assert "| relay: relay | broker | 0.50 | 12 |" in written.splitlines()
    assert "* Without a figure: `Faust`: no lz4" in written.splitlines()


def test_only_what_is_between_the_markers_changes() -> None:
    """Written twice, the page holds the second figures once."""
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = with_figures(page, "first")
    assert with_figures(once, "second") == f"before\n{BEGIN}\n\nsecond\n\n{END}\nafter\n"


def test_a_page_without_markers_is_refused() -> None:
    """Nothing is appended somewhere by guess."""
    with pytest.raises(PageRefused, match="lacks the lines"):
        with_figures(f"{END}\n{BEGIN}", "figures")
