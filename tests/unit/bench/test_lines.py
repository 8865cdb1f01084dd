"""Ratios: which way they go, what is compared with what, and who is measured when."""

import pytest

from bench.lines import Line, result_of
from bench.measuring.runs import Measured, Run, Side, SideFailed, Usage, measure


def measured(*values: float) -> Measured:
    """Give a side with these figures, each run told apart by its CPU."""
    return Measured([Run(value, {"process": Usage(value, 1.0)}) for value in values])


def test_more_events_a_second_are_better() -> None:
    """The ratio of rates is ours by the baseline's medians; reaching it exactly is enough."""
    line = Line("relay", "events/s", "ours", "theirs", ["other"], 0.8)
    result = result_of(line, {"ours": measured(10, 900, 80), "other": measured(100, 100, 1)})
    assert (result.ours.least, result.ours.value, result.ours.most) == (10, 80, 900)
    assert (result.baseline_value, result.ratio, result.met) == (100, 0.8, True)


def test_fewer_milliseconds_are_better() -> None:
    """The ratio of times is the baseline's by ours, after its factor."""
    line = Line("query-trail", "ms", "ours", "a SELECT, times 60", ["by key"], 1.0, factor=60)
    result = result_of(line, {"ours": measured(7), "by key": measured(0.1)})
    assert result.baseline_value == pytest.approx(6)
    assert result.ratio == pytest.approx(6 / 7)
    assert not result.met


def test_a_goal_may_be_a_number() -> None:
    """Where the baseline is a number nothing else is measured."""
    line = Line("freshness", "ms", "ours", "250 ms", [], 1.0, constant=250.0)
    result = result_of(line, {"ours": measured(100)})
    assert (line.sides(), result.ratio) == ({"ours"}, 2.5)


def test_the_best_of_several_counts() -> None:
    """The fastest peer is the baseline and is named; one that was left out is none."""
    line = Line("project-peers", "events/s", "ours", "the best of three", ["a", "b", "c"], 2.0)
    result = result_of(line, {"ours": measured(30), "a": measured(5), "c": measured(10)})
    assert (result.baseline, result.baseline_value, result.met) == ("the best of three: c", 10, True)


def test_what_processes_took_is_of_the_median_run() -> None:
    """Not of the best run, and no mean of all."""
    assert measured(1, 5, 100).processes == {"process": Usage(5, 1.0)}


def test_sides_take_turns() -> None:
    """Each is warmed up once, then they run by turns, each time the other way round; warm-ups are no figures."""
    order: list[str] = []

    def side(name: str) -> Side:
        def run() -> Run:
            order.append(name)
            return Run(float(len(order)), {})

        return Side(run)

    found = measure({"a": side("a"), "b": side("b")}, 3, lambda _: None, {})
    assert "".join(order) == "ab" + "ab" + "ba" + "ab"
    assert [run.value for run in found["a"].runs] == [3, 6, 7]


def test_only_an_optional_side_may_fail() -> None:
    """A peer that does not work here is left out, with its reason; one of ours ends the run."""

    def broken() -> Run:
        raise SideFailed("no lz4\nhere")

    left_out: dict[str, str] = {}
    sides = {"peer": Side(broken, optional=True), "ours": Side(lambda: Run(1.0, {}))}
    assert list(measure(sides, 1, lambda _: None, left_out)) == ["ours"]
    assert left_out == {"peer": "no lz4 here"}
    with pytest.raises(SideFailed):
        measure({"ours": Side(broken)}, 1, lambda _: None, left_out)
