"""What every recorded event carries besides its own facts."""

from datetime import UTC, datetime
from typing import NamedTuple


class Actor(NamedTuple):
    """Who caused an event, in which role, for which organisation."""

    name: str
    role: str
    organisation: str


class Envelope(NamedTuple):
    """One recorded event: its place, its provenance and its facts.

    Ids and times are text in the one form in which they travel and lie in read models: millions of envelopes pass
    for each id that is looked at. ``moment_of`` makes a time of it where somebody computes with it.

    Attributes:
        position: place in the whole log, gapless, from 1.
        stream: natural key of the aggregate, such as ``sale/<uscc>/<contract_no>``.
        version: place in the stream, from 1.
        key: what orders the event in Kafka; fixed for a stream by its first event.
        event_id: UUIDv7.
        type: permanent dotted name, such as ``sale.recorded``; never an import path.
        schema_version: version of the type's schema that ``data`` is written in.
        occurred_at: business time, as ``utc_text`` writes it; for a business date its midnight in Asia/Shanghai.
        recorded_at: the database's clock, as ``utc_text`` writes it; never decreases with the position, one value a
            command.
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
    event_id: str
    type: str
    schema_version: int
    occurred_at: str
    recorded_at: str
    actor: Actor
    command_id: str
    correlation_id: str
    causation_id: str | None
    data: bytes


def utc_text(moment: datetime) -> str:
    """Write a moment as envelopes do: RFC 3339, in UTC, with six decimals, such as ``2025-06-10T01:02:03.000000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """Read a time of an envelope."""
    return datetime.fromisoformat(text)
