"""Which measures there are, and what a movement amounts to in nanograms."""

from typing import get_args

from domain.event import Measure, Movement
from domain.mass import NG_PER_MG

MEASURES: tuple[str, ...] = get_args(Measure)


def amounts(movement: Movement, sign: int) -> dict[str | None, int]:
    """Add up a movement's lines: nanograms for each element, and under None the net mass of the magnets.

    ``net_mg * ppm`` is exactly the element's mass in nanograms: 1 mg times 1 ppm is 1 ng.
    """
    total: dict[str | None, int] = {None: 0}
    for line in movement.lines:
        signed_mg = sign * line.net_mg
        total[None] += signed_mg * NG_PER_MG
        for element, ppm in line.ppm.items():
            total[element] = total.get(element, 0) + signed_mg * ppm
    return total
