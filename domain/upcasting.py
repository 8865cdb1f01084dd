"""Old schema versions of events, brought up one step at a time."""

from collections.abc import Callable, Mapping
from typing import Any

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UpcasterTable = Mapping[tuple[str, int], Upcaster]

UPCASTERS: UpcasterTable = {}


def upcast(
    event_type: str, from_version: int, to_version: int, data: dict[str, Any], upcasters: UpcasterTable
) -> dict[str, Any]:
    """Apply the one-step upcasters of a type in turn; each is pure and knows only its own step.

    Raises:
        KeyError: where a step is missing.
    """
    for version in range(from_version, to_version):
        data = upcasters[event_type, version](data)
    return data
