"""What the relay needs from the outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a topic has been filled.

    Attributes:
        position: every event up to it that belongs into the topic was acknowledged, and its publication recorded.
        topic_id: identity of the topic this is true of; None before the first.
    """

    position: int
    topic_id: str | None


class Appended(NamedTuple):
    """An event as the relay passes it on: what it decides by, and the message, untouched.

    Attributes:
        position: place in the whole log.
        type: permanent dotted name.
        key: what orders it in Kafka.
        opening: the message up to where its predecessor is named.
        closing: the rest of it.
    """

    position: int
    type: str
    key: str
    opening: bytes
    closing: bytes


class Outgoing(NamedTuple):
    """One message to send. ``previous`` is the position before it in the same topic and partition, 0 if none."""

    topic: str
    partition: int
    previous: int
    event: Appended


@dataclass(frozen=True, slots=True)
class Advance:
    """A topic's mark moves from ``before`` to ``after``; publications are (partition, position)."""

    topic: str
    before: Mark
    after: Mark
    publications: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a record found in a topic says of where it comes from; None where it is not one of our CloudEvents."""

    topic: str
    source: UUID | None
    position: int


class AppendedEvents(Protocol):
    """The log as the relay reads it. Every adapter passes ``tests/contract/test_reading_on.py``."""

    def log_id(self) -> UUID:
        """Give the identity of the log."""
        ...

    def head(self) -> int:
        """Give the log's last position."""
        ...

    def page(self, after: int, limit: int, max_bytes: int) -> Sequence[Appended]:
        """Give the events after a position, in order: at most ``limit``, and none begun beyond ``max_bytes``."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Return when something may have been appended, at the latest after ``timeout_s``."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class Publications(Protocol):
    """What was published, and the lock that keeps the relay alone; both live on one connection.

    Every adapter passes ``tests/contract/test_publications.py``.
    """

    def acquire(self) -> bool:
        """Take the lock; False while another relay holds it."""
        ...

    def marks(self, topics: Sequence[str]) -> Mapping[str, Mark]:
        """Give the marks; a topic without one gets one at 0."""
        ...

    def previous(self, topic: str, position: int) -> Mapping[int, int]:
        """Give by partition the last position that was published to it, up to ``position``."""
        ...

    def advance(self, advances: Sequence[Advance]) -> bool:
        """Write marks and publications in one transaction; False, and nothing, if a mark is not ``before``.

        A publication that is already recorded stays as it is.
        """
        ...

    def close(self) -> None:
        """Give the lock back."""
        ...


class Sending(Protocol):
    """Messages on their way."""

    def confirm(self, *, at_once: bool) -> None:
        """Return when every one of them is acknowledged by all replicas.

        Args:
            at_once: nothing follows soon, so do not wait for more to fill a batch with.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``; some may have arrived. Make a new publisher.
        """
        ...


class Publisher(Protocol):
    """The way to the topics. Every adapter passes ``tests/contract/test_publisher.py``."""

    def topic_ids(self, topics: Sequence[str]) -> Mapping[str, str]:
        """Ask the broker for the topics' identities, making those that are missing.

        Raises:
            TopicRefused: ``kafka.wrong_partitions``.
        """
        ...

    def origins(self, topics: Sequence[str]) -> Sequence[Origin]:
        """Look at the first and the last record of every partition."""
        ...

    def partition_of(self, key: str) -> int:
        """Give the partition of a key; never changes."""
        ...

    def send(self, messages: Sequence[Outgoing]) -> Sending:
        """Begin to send, after all that was begun before.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``; some may have arrived. Make a new publisher.
        """
        ...

    def close(self) -> None:
        """Drop what was not sent."""
        ...


class BrokerUnavailable(Exception):
    """The broker is out of reach, or this client has stalled; make a new one."""

    code = "kafka.unavailable"


class TopicRefused(Exception):
    """A topic that must not be used: another log's, or not of the form that the system relies on.

    Attributes:
        code: ``kafka.foreign_topic`` or ``kafka.wrong_partitions``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def refuse_foreign(topic: str, source: UUID | None, position: int, log_id: UUID, head: int) -> None:
    """Refuse a topic for a record that cannot be of this log.

    Raises:
        TopicRefused: ``kafka.foreign_topic``.
    """
    if source != log_id:
        found = f"events of {source or 'others'}, not of {log_id}"
    elif position > head:
        found = f"position {position}, beyond this log's head {head}: the log was restored or replaced"
    else:
        return
    mend = "give this log topics of its own (LODESTONE_TOPIC_PREFIX)"
    raise TopicRefused("kafka.foreign_topic", f"{topic} holds {found}; {mend}")
