"""A row of a subject's history."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event in the history of a stream; ``actor`` is who filed it, in which role and for whom."""

    position: int
    stream: str
    version: int
    type: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    summary: str
    violations: tuple[str, ...]
