"""A line of the table: what is measured against what, and what came of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench.measuring.runs import Measured, Side
from bench.work import Bench


@dataclass(frozen=True, slots=True)
class Line:
    """One line, before anything is measured.

    Attributes:
        stage: its name.
        unit: of both figures; of ``ms`` less is better, of anything else more.
        ours: the side that is ours.
        baseline: the other side, in words.
        against: names of the baseline's sides, of which the best counts; none where the baseline is a number.
        must: the ratio to reach.
        factor: the baseline's figure is multiplied by it.
        constant: the baseline's figure where there is no side.
    """

    stage: str
    unit: str
    ours: str
    baseline: str
    against: Sequence[str]
    must: float
    factor: float = 1.0
    constant: float | None = None

    @property
    def less_is_better(self) -> bool:
        """Tell which way the ratio goes."""
        return self.unit == "ms"

    def sides(self) -> Collection[str]:
        """Give the names of all sides that must be measured."""
        return {self.ours, *self.against}


@dataclass(frozen=True, slots=True)
class Result:
    """One line, measured."""

    line: Line
    ours: Measured
    baseline: str
    baseline_value: float

    @property
    def ratio(self) -> float:
        """Give how much better ours is than the baseline."""
        if self.line.less_is_better:
            return self.baseline_value / self.ours.value
        return self.ours.value / self.baseline_value

    @property
    def met(self) -> bool:
        """Tell whether the ratio is reached."""
        return self.ratio >= self.line.must


@dataclass(frozen=True, slots=True)
class Stage:
    """Lines that share their preparation and their sides.

    Attributes:
        lines: in the order of the table.
        sides: prepares what the wanted sides need, and gives them; a side that cannot be had is not among them.
    """

    lines: Sequence[Line]
    sides: Callable[[Bench, Collection[str]], AbstractContextManager[Mapping[str, Side]]]


def result_of(line: Line, measured: Mapping[str, Measured]) -> Result:
    """Hold a line's sides against each other.

    Raises:
        KeyError: a side was not measured.
    """
    ours = measured[line.ours]
    if line.constant is not None:
        return Result(line, ours, line.baseline, line.constant)
    values = {name: measured[name].value * line.factor for name in line.against if name in measured}
    best = (min if line.less_is_better else max)(values, key=lambda name: values[name])
    words = line.baseline if len(line.against) == 1 else f"{line.baseline}: {best}"
    return Result(line, ours, words, values[best])
