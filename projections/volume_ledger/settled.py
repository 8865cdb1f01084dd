"""Which blocks of the totals are settled, and who may change that: one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from projections.ports import Rows

_LOCK = "SELECT FROM volume_settled WHERE total = 'element_volumes' AND level = 0 FOR UPDATE"
_MARKS = "SELECT total, level, blocks FROM volume_settled"
_MARK = "UPDATE volume_settled SET blocks = %(blocks)s WHERE total = %(total)s AND level = %(level)s"


@dataclass(frozen=True, slots=True)
class Total:
    """A table of totals in blocks.

    Attributes:
        name: of its table.
        lowest: its finest level; what is finer is read from the ledger.
        from_ledger: writes blocks of the lowest level. Parameters ``level``, ``size`` (of a block), ``first`` and
            ``end`` (blocks, the latter not included), ``after`` and ``until`` (positions).
        from_blocks: writes blocks of a level from those of the level below; the same, and ``below`` and ``factor``.
    """

    name: str
    lowest: int
    from_ledger: str
    from_blocks: str


def lock(rows: Rows) -> None:
    """Wait until nobody settles, and keep others from it until the transaction ends."""
    rows.execute(_LOCK)


def try_lock(rows: Rows) -> bool:
    """Lock the same, without waiting; tell whether it is ours."""
    return bool(rows.execute(f"{_LOCK} SKIP LOCKED"))


def settled_blocks(rows: Rows) -> Mapping[str, Mapping[int, int]]:
    """Give for each total and level how many blocks are settled, from the first on."""
    marks: dict[str, dict[int, int]] = {}
    for total, level, blocks in rows.execute(_MARKS):
        marks.setdefault(total, {})[level] = blocks
    return marks


def mark_settled(rows: Rows, total: str, level: int, blocks: int) -> None:
    """Note that the first so many blocks of a level are settled."""
    rows.execute(_MARK, {"total": total, "level": level, "blocks": blocks})
