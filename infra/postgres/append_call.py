"""The arguments of one call of ``lodestone.append``: parallel arrays, commands numbered from 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.envelope import Actor
from infra.postgres.binary_arrays import (
    Write,
    bytes_array,
    int_array,
    text_array,
    time_array,
    uuid_array,
)

APPEND = (
    "SELECT outcome, first_position, last_position, stream, expected, actual FROM lodestone.append("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
)
_COMMAND_COLUMNS = (uuid_array, text_array, text_array, text_array, uuid_array, uuid_array)
_GUARD_COLUMNS = (int_array, text_array, int_array)
_EVENT_COLUMNS = (int_array, uuid_array, text_array, text_array, text_array, int_array, time_array, bytes_array)


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

    def arguments(self) -> list[bytes]:
        """Give the 17 arrays in the order of the function's parameters."""
        return [
            *_columns(self.commands, _COMMAND_COLUMNS),
            *_columns(self.guards, _GUARD_COLUMNS),
            *_columns(self.events, _EVENT_COLUMNS),
        ]


def _columns(rows: Sequence[tuple[Any, ...]], writes: Sequence[Write]) -> list[bytes]:
    by_column: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(writes)
    return [write(values) for write, values in zip(writes, by_column, strict=True)]
