"""A new generation of a unit beside the live one: filled from the store, checked, swapped in.

The store is read, never Kafka. Whatever fails, the live generation stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.envelope import Envelope
from projections.ports import Filling, Projection, Rows
from projections.stated import Stated


class CheckedProjection(Projection, Protocol):
    """A unit that can be filled anew in ranges, side by side, and held against an independent total."""

    def filling(self) -> Filling:
        """Begin a range."""
        ...

    def filled(self, rows: Rows, head: int) -> None:
        """Note what ranges have written whole, once all up to ``head`` are complete."""
        ...

    def withdraw(self, rows: Rows, positions: Sequence[int]) -> None:
        """Take events out: an earlier one of their stream, in another range, turned out to be unprojectable."""
        ...

    def stated(self) -> Sequence[Stated]:
        """Give what the events state of what the tables hold."""
        ...

    def held(self) -> Sequence[str]:
        """Give read-only SQL that adds up what the tables hold; each row is (what, first position, sum of weights).

        What is stated must be held as less, so that both together come to nothing; and so must what the tables hold of
        each other.
        """
        ...


class PlainFilling:
    """Implements ``Filling`` for a unit whose rows stand for themselves.

    Args:
        projection: folds them.
    """

    def __init__(self, projection: Projection) -> None:
        self._projection = projection

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Fold events as a consumer does."""
        self._projection.apply(rows, events)

    def complete(self, rows: Rows, head: int) -> None:
        """Do nothing more."""


class NewGeneration(Protocol):
    """Tables of a unit that were filled; nobody reads them yet."""

    def complete(self) -> None:
        """Make indexes and keys, set aside what is parked, and settle: the tables are then as good as live."""
        ...

    def position(self) -> int:
        """Give up to where it is filled."""
        ...

    def differences(self) -> Sequence[str]:
        """Hold the tables against what the events up to the current position state; give what differs, as text."""
        ...

    def swap(self) -> None:
        """Lock the unit's progress, fold what is left, and make this generation the live one."""
        ...

    def discard(self) -> None:
        """Drop it."""
        ...


class RebuildMismatch(Exception):
    """The new tables differ from the independent total; the old ones are kept. ``rebuild.mismatch``."""

    code = "rebuild.mismatch"


@dataclass(frozen=True, slots=True)
class RebuiltUnit:
    """A unit that was rebuilt, and how many events its tables were checked with."""

    name: str
    read_models: Sequence[str]
    events_checked: int


def finish_unit(projection: CheckedProjection, new: NewGeneration) -> RebuiltUnit:
    """Complete, check, swap.

    Raises:
        RebuildMismatch: ``rebuild.mismatch``.
    """
    try:
        new.complete()
        checked = new.position()
        _refuse_differences(projection.name, new.differences())
        new.swap()
    except BaseException:
        new.discard()
        raise
    return RebuiltUnit(projection.name, projection.read_models, checked)


def _refuse_differences(unit: str, found: Sequence[str]) -> None:
    if found:
        raise RebuildMismatch(f"{unit} differs from the events, such as {'; '.join(found)}")
