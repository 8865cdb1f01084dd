"""A new generation of a unit beside the live one: filled from the store, checked, swapped in.

The store is read, never Kafka. Whatever fails, the live generation stays as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from projections.ports import Projection


class CheckedProjection(Projection, Protocol):
    """A unit that can be held against an independent total."""

    def differences(self) -> Sequence[str]:
        """Give SQL that computes from the events' own JSON what the tables must hold, and finds what differs.

        Each statement is read-only, finds nothing where all is well, and takes ``position``, ``unit`` and
        ``generation``.
        """
        ...


class NewGeneration(Protocol):
    """Tables of a unit that are being filled; nobody reads them yet."""

    def fill(self, limit: int) -> int:
        """Fold at most this many events that follow those already folded; give how many there were.

        An event that can never be folded is parked with all later ones of its stream, as a consumer does.
        """
        ...

    def position(self) -> int:
        """Give up to where it is filled."""
        ...

    def complete(self) -> None:
        """Make indexes and keys, and settle what can be settled: what is filled is as good as live."""
        ...

    def differences(self, statements: Sequence[str]) -> Sequence[str]:
        """Ask each statement at the current position; give what it found, as text."""
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


def rebuild_unit(
    projection: CheckedProjection, new: NewGeneration, on_progress: Callable[[str, int], None], page: int = 5000
) -> RebuiltUnit:
    """Fill, check, swap. ``on_progress`` is told the unit and the position reached after each page.

    Raises:
        RebuildMismatch: ``rebuild.mismatch``.
    """
    try:
        while new.fill(page) == page:
            on_progress(projection.name, new.position())
        on_progress(projection.name, new.position())
        new.complete()
        checked = new.position()
        _refuse_differences(projection.name, new.differences(projection.differences()))
        new.swap()
    except BaseException:
        new.discard()
        raise
    return RebuiltUnit(projection.name, projection.read_models, checked)


def _refuse_differences(unit: str, found: Sequence[str]) -> None:
    if found:
        raise RebuildMismatch(f"{unit} differs from the events, such as {'; '.join(found)}")
