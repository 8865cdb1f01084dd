"""One event as one CloudEvents 1.0 JSON object (structured mode), and back.

``position``, ``previous`` and ``version`` are strings of digits: a CloudEvents integer has 32 bits. ``data`` is
byte for byte what the store holds, so it is spliced in and never parsed on the way.
"""

import json
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from domain.envelope import Actor, Envelope

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
HEADERS = [("content-type", CONTENT_TYPE)]

_quoted = json.JSONEncoder(ensure_ascii=False).encode


class NotOurEvent(ValueError):
    """A record whose value is not one of our CloudEvents. ``message.malformed``."""

    code = "message.malformed"


class Decoded(msgspec.Struct, frozen=True):
    """What a record holds: where it comes from, its predecessor (None where it is left out) and the event."""

    source: UUID
    previous: int | None
    event: Envelope


class _Wire(msgspec.Struct):
    specversion: str
    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    position: str
    version: str
    schemaversion: int
    occurredat: datetime
    commandid: UUID
    correlationid: UUID
    data: msgspec.Raw
    previous: str | None = None
    causationid: UUID | None = None
    actor: str = ""
    actorrole: str = ""
    actororg: str = ""


_decoder = msgspec.json.Decoder(_Wire)


def encode(envelope: Envelope, previous: int | None, log_id: UUID) -> bytes:
    """Write an event; the same arguments give the same bytes.

    Args:
        envelope: what the store holds.
        previous: position of the message before it in the same topic and partition, 0 for the first; None
            leaves the attribute out, where there is no partition (replay, follow).
        log_id: identity of the log, which becomes the source.
    """
    each = envelope
    attributes = [
        f'{{"specversion":"1.0","id":"{each.event_id}","type":{_quoted(each.type)},"source":"urn:uuid:{log_id}"',
        f'"subject":{_quoted(each.stream)},"time":"{_timestamp(each.recorded_at)}"',
        f'"datacontenttype":"application/json","position":"{each.position}"',
        *([f'"previous":"{previous}"'] if previous is not None else []),
        f'"version":"{each.version}","schemaversion":{each.schema_version}',
        f'"occurredat":"{_timestamp(each.occurred_at)}"',
        *_actor(each.actor),
        f'"commandid":"{each.command_id}","correlationid":"{each.correlation_id}"',
        *([f'"causationid":"{each.causation_id}"'] if each.causation_id is not None else []),
        '"data":',
    ]
    return b"".join((",".join(attributes).encode(), each.data, b"}"))


def decode(value: bytes, key: str) -> Decoded:
    """Read a record's value; ``key`` is the record's own.

    Raises:
        NotOurEvent: ``message.malformed``.
    """
    try:
        wire = _decoder.decode(value)
        return Decoded(
            source=UUID(wire.source),
            previous=None if wire.previous is None else _whole(wire.previous),
            event=_envelope(wire, key),
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise NotOurEvent(f"not one of our CloudEvents: {error}") from error


def _envelope(wire: _Wire, key: str) -> Envelope:
    return Envelope(
        position=_whole(wire.position),
        stream=wire.subject,
        version=_whole(wire.version),
        key=key,
        event_id=wire.id,
        type=wire.type,
        schema_version=wire.schemaversion,
        occurred_at=wire.occurredat,
        recorded_at=wire.time,
        actor=Actor(wire.actor, wire.actorrole, wire.actororg),
        command_id=wire.commandid,
        correlation_id=wire.correlationid,
        causation_id=wire.causationid,
        data=bytes(wire.data),
    )


def _whole(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits!r} is not a string of digits")
    return int(digits)


def _actor(actor: Actor) -> list[str]:
    # CloudEvents has no empty attributes: what is empty is left out, and read back as empty.
    named = (("actor", actor.name), ("actorrole", actor.role), ("actororg", actor.organisation))
    return [f'"{name}":{_quoted(value)}' for name, value in named if value]


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
