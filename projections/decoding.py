"""Reading an event's facts once for all read models that fold it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from domain import registry
from domain.envelope import Envelope
from domain.errors import DomainError
from domain.event import Event
from projections.ports import Unprojectable

_NUL_ESCAPE = b"\\u0000"


class Decoder:
    """Decodes through the closed registry and remembers the latest events.

    One decoder is shared by all units of a process: what each of them checks and folds is decoded once. An
    event's facts are a pure function of its type, schema version and data, so remembering them is safe.

    Args:
        remember: how many events are kept; more than a batch has.
    """

    def __init__(self, remember: int = 16_384) -> None:
        self._decode = lru_cache(maxsize=remember)(registry.decode)

    def event(self, envelope: Envelope) -> Event:
        """Give the facts of an event.

        Raises:
            Unprojectable: ``event.unknown_type``, ``event.unknown_version``, ``event.malformed``, or
                ``event.unstorable`` for text with a NUL, which PostgreSQL cannot hold.
        """
        try:
            event = self._decode(envelope.type, envelope.schema_version, envelope.data)
        except DomainError as error:
            raise Unprojectable(error.code, error.message) from error
        if _NUL_ESCAPE in envelope.data and any("\0" in text for text in _texts(event.model_dump())):
            raise Unprojectable("event.unstorable", "a text contains a NUL character")
        return event

    def events(self, envelopes: Sequence[Envelope]) -> list[tuple[Envelope, Event]]:
        """Give each event beside its envelope."""
        return [(each, self.event(each)) for each in envelopes]


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
