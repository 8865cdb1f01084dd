"""The arguments of one call of ``lodestone.append``: parallel arrays, commands numbered from 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.envelope import Actor

APPEND = (
    "SELECT outcome, first_position, last_position, stream, expected, actual FROM lodestone.append("
    "%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::uuid[],"
    " %s::int[], %s::text[], %s::int[],"
    " %s::int[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::bytea[])"
)
_COMMAND_COLUMNS, _GUARD_COLUMNS, _EVENT_COLUMNS = 6, 3, 8


@dataclass(frozen=True, slots=True)
class EventRow:
    """What the append function is told of one event; position, version and recorded_at it finds itself."""

    event_id: UUID
    stream: str
    key: str
    type: str
    schema_version: int
    occurred_at: datetime
    data: bytes


@dataclass(slots=True)
class AppendCall:
    """Collects commands for one call."""

    commands: list[tuple[Any, ...]] = field(default_factory=list)
    guards: list[tuple[int, str, int]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def add(
        self,
        identity: tuple[UUID, UUID, UUID | None],
        actor: Actor,
        guards: Mapping[str, int],
        events: Sequence[EventRow],
    ) -> None:
        """Add one command; ``identity`` is its command, correlation and causation id."""
        command_id, correlation_id, causation_id = identity
        self.commands.append((command_id, actor.name, actor.role, actor.organisation, correlation_id, causation_id))
        place = len(self.commands)
        self.guards.extend((place, stream, version) for stream, version in guards.items())
        self.events.extend(
            (
                place,
                each.event_id,
                each.stream,
                each.key,
                each.type,
                each.schema_version,
                each.occurred_at,
                each.data,
            )
            for each in events
        )

    def arguments(self) -> list[list[Any]]:
        """Give the 17 arrays in the order of the function's parameters."""
        return [
            *_columns(self.commands, _COMMAND_COLUMNS),
            *_columns(self.guards, _GUARD_COLUMNS),
            *_columns(self.events, _EVENT_COLUMNS),
        ]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[column] for row in rows] for column in range(width)]
