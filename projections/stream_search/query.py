"""A row of what was found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundStream:
    """A stream, its name as last known (else its key), and what matched, such as ``name: Muster GmbH``."""

    stream: str
    label: str
    matched: str
