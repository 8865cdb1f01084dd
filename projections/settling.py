"""Settling: writing the totals of blocks that can no longer change, once each, from the ledger or from smaller blocks.

A block is written in one transaction with its mark, and only once the unit's cut has passed its end. Until then
questions read the ledger in its place: settling makes answers fast, never right.
"""

from collections.abc import Mapping, Sequence

from projections.blocks import FACTOR, size_of
from projections.ports import Rows
from projections.volume_ledger.settled import Total, mark_settled, settled_blocks, try_lock

# Of one transaction: so long a late entry may have to wait.
_STEP_POSITIONS = 131_072
# Groups are hashed: sorting by so many texts costs twice as much.
_PLAN = ("SET LOCAL enable_sort = off", "SET LOCAL work_mem = '64MB'")


def settle(rows: Rows, totals: Sequence[Total], cut: int) -> bool:
    """Write some of the blocks that are due, the smallest first; tell whether there were any.

    Args:
        rows: of the projector, in a transaction that sees all that ``cut`` promises.
        totals: whose blocks.
        cut: nothing at or below it is still to come, but for what is parked.
    """
    if not try_lock(rows):
        return False
    marks = settled_blocks(rows)
    return any(_settle_total(rows, total, marks[total.name], cut) for total in totals)


def _settle_total(rows: Rows, total: Total, marks: Mapping[int, int], cut: int) -> bool:
    for level in sorted(marks):
        size = size_of(level)
        first, due = marks[level], cut // size
        if due > first:
            end = min(due, first + max(1, _STEP_POSITIONS // size))
            _write(rows, total, level, first, end)
            mark_settled(rows, total.name, level, end)
            return True
    return False


def _write(rows: Rows, total: Total, level: int, first: int, end: int) -> None:
    size = size_of(level)
    for statement in _PLAN:
        rows.execute(statement)
    rows.execute(
        total.from_ledger if level == total.lowest else total.from_blocks,
        {
            "level": level,
            "below": level - 1,
            "factor": FACTOR,
            "size": size,
            "first": first,
            "end": end,
            "after": first * size,
            "until": end * size,
        },
    )
