"""One event as one CloudEvents 1.0 JSON object (structured mode), and back.

``position``, ``previous`` and ``version`` are strings of digits: a CloudEvents integer has 32 bits. ``data`` is
byte for byte what the store holds, so it is spliced in and never parsed on the way.
"""

import json
from functools import lru_cache
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from domain.envelope import Actor, Envelope

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
HEADERS = [("content-type", CONTENT_TYPE)]

_quoted = json.JSONEncoder(ensure_ascii=False).encode


class NotOurEvent(ValueError):
    """A record whose value is not one of our CloudEvents. ``message.malformed``."""

    code = "message.malformed"


class Decoded(NamedTuple):
    """What a record holds: where it comes from, its predecessor (None where it is left out) and the event."""

    source: UUID
    previous: int | None
    event: Envelope


_Id = Annotated[str, msgspec.Meta(min_length=36, max_length=36)]
_Time = Annotated[str, msgspec.Meta(min_length=27, max_length=27)]


# Text where nobody computes: an id or a time as an object costs as much as all the rest of a record. No cycles can
# come of it, so the collector need not look.
class _Wire(msgspec.Struct, gc=False):
    specversion: str
    id: _Id
    type: str
    source: str
    subject: str
    time: _Time
    position: str
    version: str
    schemaversion: int
    occurredat: _Time
    commandid: _Id
    correlationid: _Id
    data: msgspec.Raw
    previous: str | None = None
    causationid: _Id | None = None
    actor: str = ""
    actorrole: str = ""
    actororg: str = ""


_decode = msgspec.json.Decoder(_Wire).decode
_tuple = tuple.__new__


def encode(envelope: Envelope, previous: int | None, log_id: UUID) -> bytes:
    """Write an event; the same arguments give the same bytes.

    Args:
        envelope: what the store holds.
        previous: position of the message before it in the same topic and partition, 0 for the first; None
            leaves the attribute out, where there is no partition (replay, follow).
        log_id: identity of the log, which becomes the source.
    """
    named = b"" if previous is None else naming(previous)
    return b"".join((opening(envelope, log_id), named, closing(envelope)))


def opening(envelope: Envelope, log_id: UUID) -> bytes:
    """Write a message up to where its predecessor is named.

    The relay has this and ``closing`` from the database (``infra/postgres/messages.py``), byte for byte the same.
    """
    each = envelope
    attributes = (
        f'{{"specversion":"1.0","id":{_quoted(each.event_id)},"type":{_quoted(each.type)},"source":"urn:uuid:{log_id}"',
        f'"subject":{_quoted(each.stream)},"time":{_quoted(each.recorded_at)}',
        f'"datacontenttype":"application/json","position":"{each.position}",',
    )
    return ",".join(attributes).encode()


def naming(previous: int) -> bytes:
    """Write the predecessor's attribute."""
    return b'"previous":"%d",' % previous


def closing(envelope: Envelope) -> bytes:
    """Write a message from behind its predecessor's name to its end."""
    each = envelope
    attributes = [
        f'"version":"{each.version}","schemaversion":{each.schema_version}',
        f'"occurredat":{_quoted(each.occurred_at)}',
        *_actor(each.actor),
        f'"commandid":{_quoted(each.command_id)},"correlationid":{_quoted(each.correlation_id)}',
        *([f'"causationid":{_quoted(each.causation_id)}'] if each.causation_id is not None else []),
        '"data":',
    ]
    return b"".join((",".join(attributes).encode(), each.data, b"}"))


def decode(value: bytes, key: str) -> Decoded:
    """Read a record's value; ``key`` is the record's own.

    Raises:
        NotOurEvent: ``message.malformed``.
    """
    try:
        wire = _decode(value)
        position, version, previous = wire.position, wire.version, wire.previous
        _require_digits(position + version + (previous or "0"))
        # Made as plain tuples are, all in one place: calls would cost as much as the decoding of the record.
        event = _tuple(
            Envelope,
            (
                int(position),
                wire.subject,
                int(version),
                key,
                wire.id,
                wire.type,
                wire.schemaversion,
                wire.occurredat,
                wire.time,
                _tuple(Actor, (wire.actor, wire.actorrole, wire.actororg)),
                wire.commandid,
                wire.correlationid,
                wire.causationid,
                bytes(wire.data),
            ),
        )
        return _tuple(Decoded, (_log_of(wire.source), None if previous is None else int(previous), event))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NotOurEvent(f"not one of our CloudEvents: {error}") from error


@lru_cache(maxsize=16)
def _log_of(source: str) -> UUID:
    return UUID(source)


def _require_digits(places: str) -> None:
    if not (places.isascii() and places.isdigit()):
        raise ValueError("a place in the log is no string of digits")


def _actor(actor: Actor) -> list[str]:
    # CloudEvents has no empty attributes: what is empty is left out, and read back as empty.
    named = (("actor", actor.name), ("actorrole", actor.role), ("actororg", actor.organisation))
    return [f'"{name}":{_quoted(value)}' for name, value in named if value]
