"""Between events and what the ``eventsourcing`` library stores. No name read from data is ever imported."""

from dataclasses import dataclass

from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain import registry
from domain.event import Event


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event at its place in a stream, as the library's protocol names it."""

    originator_id: str
    originator_version: int
    event: Event


@dataclass(frozen=True)
class VersionedStoredEvent(StoredEvent):
    """A stored event that says which schema version its state is written in.

    ``topic`` holds the permanent type name; the library's own import-path topics are never used.
    """

    schema_version: int


class RegistryMapper(Mapper[str]):
    """Maps through the closed registry: canonical JSON out, upcast and checked in."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: RecordedEvent) -> VersionedStoredEvent:  # type: ignore[override]  # ours alone
        """Write an event; ``state`` is canonical JSON (RFC 8785)."""
        return VersionedStoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.event.type,
            state=registry.encode(domain_event.event),
            schema_version=domain_event.event.schema_version,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> RecordedEvent:
        """Read an event of any known schema version.

        Raises:
            DomainError: ``event.unknown_type``, ``event.unknown_version`` or ``event.malformed``.
        """
        version = stored_event.schema_version if isinstance(stored_event, VersionedStoredEvent) else 1
        return RecordedEvent(
            originator_id=str(stored_event.originator_id),
            originator_version=stored_event.originator_version,
            event=registry.decode(stored_event.topic, version, stored_event.state),
        )
