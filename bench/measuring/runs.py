"""Sides that are measured against each other, run by turns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and its children took: seconds of CPU, and at most how many MB of their own at a time."""

    cpu_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one side: its figure, and what each process took."""

    value: float
    processes: Mapping[str, Usage]


@dataclass(frozen=True, slots=True)
class Side:
    """One way of doing the work.

    Attributes:
        run: does it once, from a clean state, and checks what came out.
        warm_up: is done before the first run and counts for nothing; the same as a run, if None.
        optional: if it does not get through its warm-up it is left out, with the reason.
    """

    run: Callable[[], Run]
    warm_up: Callable[[], object] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """All runs of one side."""

    runs: Sequence[Run]

    @property
    def value(self) -> float:
        """Give the median."""
        return median(run.value for run in self.runs)

    @property
    def least(self) -> float:
        """Give the smallest figure."""
        return min(run.value for run in self.runs)

    @property
    def most(self) -> float:
        """Give the largest figure."""
        return max(run.value for run in self.runs)

    @property
    def processes(self) -> Mapping[str, Usage]:
        """Give what each process took in the run whose figure is closest to the median."""
        return min(self.runs, key=lambda run: abs(run.value - self.value)).processes


class SideFailed(Exception):
    """A side of the benchmark does not work. Its subclasses have codes."""


def measure(
    sides: Mapping[str, Side], runs: int, told: Callable[[str], None], left_out: dict[str, str]
) -> Mapping[str, Measured]:
    """Warm every side up, then run them by turns; the order turns around each time, so that none is always first.

    Args:
        sides: by name.
        runs: how many of each.
        told: is told what is done next.
        left_out: gets the optional sides that do not work, with the reason.

    Raises:
        SideFailed: a side does not work.
    """
    working = [name for name, side in sides.items() if _warmed_up(name, side, told, left_out)]
    found: dict[str, list[Run]] = {name: [] for name in working}
    for number in range(runs):
        names = working if number % 2 == 0 else list(reversed(working))
        for name in names:
            told(f"{name}: run {number + 1} of {runs}")
            found[name].append(sides[name].run())
    return {name: Measured(of_side) for name, of_side in found.items()}


def _warmed_up(name: str, side: Side, told: Callable[[str], None], left_out: dict[str, str]) -> bool:
    told(f"{name}: warm-up")
    try:
        (side.warm_up or side.run)()
    except SideFailed as error:
        if not side.optional:
            raise
        left_out[name] = " ".join(str(error).split())
        told(f"{name}: left out: {left_out[name]}")
        return False
    return True
