"""Sequences whose members are made when they are looked at: an answer of thousands costs nothing that nobody reads."""

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class Deferred(Sequence[T_co]):
    """Makes all members at the first look, and keeps them; equal to any sequence of the same members.

    Args:
        make: gives them. Pure, and of values that are at hand: nothing is read later.
    """

    __slots__ = ("_made", "_make")
    __hash__ = None  # type: ignore[assignment]  # as for a list

    def __init__(self, make: Callable[[], Sequence[T_co]]) -> None:
        self._make = make
        self._made: Sequence[T_co] | None = None

    @overload
    def __getitem__(self, index: int) -> T_co: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[T_co]: ...

    def __getitem__(self, index: int | slice) -> T_co | Sequence[T_co]:
        return self._members()[index]

    def __len__(self) -> int:
        return len(self._members())

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        return repr(self._members())

    def _members(self) -> Sequence[T_co]:
        if self._made is None:
            self._made = self._make()
        return self._made
