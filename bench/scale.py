"""How much of everything: the sizes of a run of the benchmark."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of one run.

    Attributes:
        name: ``full``, ``small`` (a tenth) or ``tiny`` (for tests: only correctness means anything).
        runs: measured runs of each side.
        sales: of the large log; it has twice as many events.
        few_sales: of the small log, a tenth of the large one.
        commands: appended by many at once, in one run.
        single_commands: appended by one client, in one run.
        imported_sales: in the file that is imported.
        growth_events: projected on top of what a log holds.
        questions: of each kind in one run.
        freshness_s: how long commands come in.
    """

    name: str
    runs: int
    sales: int
    few_sales: int
    commands: int
    single_commands: int
    imported_sales: int
    growth_events: int
    questions: int
    freshness_s: float


SCALES: Mapping[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale("full", 5, 1_000_000, 100_000, 20_000, 5_000, 400_000, 40_000, 300, 15.0),
        Scale("small", 3, 100_000, 10_000, 2_000, 500, 40_000, 4_000, 100, 1.5),
        Scale("tiny", 1, 1_000, 400, 100, 20, 400, 200, 20, 1.0),
    )
}
