"""Totals in levels of blocks: which blocks, and which rest of the ledger, are everything up to a position. Pure.

A block of level ``k`` covers ``FIRST_SIZE * FACTOR ** k`` positions; block 0 begins at position 1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

FIRST_SIZE = 2_048
FACTOR = 8
# The last level has blocks of 537 million positions.
LEVELS = 7


class Block(NamedTuple):
    """A block by its level and its number there, from 0."""

    level: int
    number: int


@dataclass(frozen=True, slots=True)
class Cover:
    """Blocks that are exactly the positions up to and including ``until``; what follows is read from the ledger."""

    blocks: tuple[Block, ...]
    until: int


def size_of(level: int) -> int:
    """Give how many positions a block of a level covers."""
    return int(FIRST_SIZE * FACTOR**level)


def cover(position: int, settled: Mapping[int, int]) -> Cover:
    """Choose the largest settled blocks that lie wholly at or below a position, without overlap.

    Args:
        position: nothing beyond it is covered.
        settled: how many blocks of each level are settled, from the first on.
    """
    blocks: list[Block] = []
    until = 0
    # From the largest on, each level begins where the one above ends: on a multiple of its own size too.
    for level in sorted(settled, reverse=True):
        size = size_of(level)
        end = min(settled[level], position // size)
        blocks += _between(level, until // size, end)
        until = max(until, end * size)
    return Cover(tuple(blocks), until)


def _between(level: int, first: int, end: int) -> Iterable[Block]:
    return (Block(level, number) for number in range(first, end))
