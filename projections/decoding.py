"""Reading an event's facts once for all read models that fold it."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec

from domain import registry
from domain.envelope import Envelope
from domain.errors import DomainError
from domain.event import Event
from projections.lookalikes import lookalikes_of
from projections.ports import Unprojectable

_NUL_ESCAPE = b"\\u0000"


class EventReader:
    """Reads events of the closed registry.

    What it gives has the attributes of the event's class but is a look-alike of it (``projections.lookalikes``): ask
    for ``event.type``, not for the class. What the look-alike refuses, and what has an old version, the registry
    judges. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._readers = {
            name: (registry.EVENT_TYPES[name].schema_version, msgspec.json.Decoder(lookalike).decode)
            for name, lookalike in lookalikes_of(registry.EVENT_TYPES).items()
        }

    def read(self, kind: str, schema_version: int, data: bytes) -> Event:
        """Give the facts of an event.

        Raises:
            Unprojectable: ``event.unknown_type``, ``event.unknown_version``, ``event.malformed``, or
                ``event.unstorable`` for text with a NUL, which PostgreSQL cannot hold.
        """
        version, read = self._readers.get(kind, (0, None))
        if read is None or version != schema_version:
            return _judged(kind, schema_version, data)
        try:
            event = cast("Event", read(data))
        except ValueError:  # of msgspec, also where bytes are no UTF-8
            return _judged(kind, schema_version, data)
        if _NUL_ESCAPE in data:
            _refuse_nul(msgspec.to_builtins(event))
        return event


class Decoder:
    """Reads events and remembers the latest.

    One decoder is shared by all units of a process: what each of them checks and folds is read once.

    Args:
        remember: how many envelopes' events are kept at least; as many as a batch has.
        remember_bytes: unless their data exceeds this.
    """

    def __init__(self, remember: int = 16_384, remember_bytes: int = 32 * 1024 * 1024) -> None:
        self._read = EventReader().read
        self._remember = remember
        self._remember_bytes = remember_bytes
        self._recent_bytes = 0
        self._recent: dict[int, tuple[Envelope, Event]] = {}
        self._older: dict[int, tuple[Envelope, Event]] = {}

    def event(self, envelope: Envelope) -> Event:
        """Give the facts of an event (errors as ``EventReader.read``)."""
        position = envelope.position
        known = self._recent.get(position) or self._older.get(position)
        if known is not None and known[0] is envelope:
            return known[1]
        event = self._read(envelope.type, envelope.schema_version, envelope.data)
        self._keep(envelope, event)
        return event

    def events(self, envelopes: Sequence[Envelope]) -> list[tuple[Envelope, Event]]:
        """Give each event beside its envelope."""
        event = self.event
        return [(each, event(each)) for each in envelopes]

    def _keep(self, envelope: Envelope, event: Event) -> None:
        if len(self._recent) >= self._remember or self._recent_bytes >= self._remember_bytes:
            self._older, self._recent, self._recent_bytes = self._recent, {}, 0
        self._recent[envelope.position] = (envelope, event)
        self._recent_bytes += len(envelope.data)


def _judged(kind: str, schema_version: int, data: bytes) -> Event:
    try:
        event = registry.decode(kind, schema_version, data)
    except DomainError as error:
        raise Unprojectable(error.code, error.message) from error
    if _NUL_ESCAPE in data:
        _refuse_nul(event.model_dump())
    return event


def _refuse_nul(facts: Any) -> None:
    if any("\0" in text for text in _texts(facts)):
        raise Unprojectable("event.unstorable", "a text contains a NUL character")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(name)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
