"""What every recorded event carries besides its own facts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused an event, in which role, for which organisation."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One recorded event: its place, its provenance and its facts.

    Attributes:
        position: place in the whole log, gapless, from 1.
        stream: natural key of the aggregate, such as ``sale/<uscc>/<contract_no>``.
        version: place in the stream, from 1.
        key: what orders the event in Kafka; fixed for a stream by its first event.
        event_id: UUIDv7.
        type: permanent dotted name, such as ``sale.recorded``; never an import path.
        schema_version: version of the type's schema that ``data`` is written in.
        occurred_at: business time; for a business date its midnight in Asia/Shanghai.
        recorded_at: the database's clock; never decreases with the position, one value a command.
        actor: who filed it.
        command_id: idempotency key of the filing; the same for every event of one command.
        correlation_id: ties together what one job (an import, say) caused.
        causation_id: the event or command that caused this one, if another did.
        data: canonical JSON (RFC 8785), byte for byte as stored.
    """

    position: int
    stream: str
    version: int
    key: str
    event_id: UUID
    type: str
    schema_version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID | None
    data: bytes
