"""What the write side needs from the outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.aggregates import State
from domain.envelope import Actor, Envelope
from domain.event import Event

# An event's canonical JSON; the append function of the database holds the same bound.
MAX_DATA_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    """An aggregate as its stream tells it; version 0 and the initial state where the stream is empty."""

    state: State
    version: int


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is to be appended to its own stream (``event.stream``).

    Attributes:
        event_id: UUIDv7.
        event: what happened.
        occurred_at: business time.
        data: the event's canonical JSON where it has been written already, else the log writes it.
    """

    event_id: UUID
    event: Event
    occurred_at: datetime
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """The events of one command: appended whole or not at all.

    Attributes:
        command_id: idempotency key.
        actor: who filed it.
        correlation_id: the job that it is part of.
        causation_id: what caused it, if an event did.
        guards: stream -> version it must still have; streams that were only read are named too.
        events: in order; may go to several streams, each of which MUST be in ``guards``.
    """

    command_id: UUID
    actor: Actor
    correlation_id: UUID
    causation_id: UUID | None
    guards: Mapping[str, int]
    events: Sequence[NewEvent]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The command's events stand at these positions (both ends included)."""

    first_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class AlreadyFiled:
    """The command was known: these are the positions it got then. Nothing was appended."""

    first_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A guard did not hold. Nothing of this command was appended; load again and decide again."""

    stream: str
    expected: int
    actual: int


Outcome = Accepted | AlreadyFiled | Conflict


class EventLog(Protocol):
    """The append-only log. Every adapter passes ``tests/contract/test_event_log.py``.

    Positions are gapless from 1 and become visible in order: a reader that has seen position n never later
    finds a new event at or below n.
    """

    def log_id(self) -> UUID:
        """Give the identity of this log, made when it was created."""
        ...

    def head(self) -> int:
        """Give the last position, 0 while the log is empty."""
        ...

    def load(self, streams: Collection[str]) -> Mapping[str, Loaded]:
        """Fold each stream into its aggregate; every name asked for is in the answer.

        All are read in one consistent snapshot. MAY use snapshots of long streams.
        """
        ...

    def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:
        """Append command by command, as if one after another; one outcome for each, in order.

        An answer that takes longer than ``timeout_s`` is a lost one.

        A known ``command_id`` MUST be answered with what it did before, whatever its guards. A failed guard
        leaves the other commands standing. After a lost connection the call MAY be repeated as it is: what was
        committed is then answered as ``AlreadyFiled``.

        Raises:
            StoreUnavailable: ``store.unavailable``; what happened is unknown, ask again.
            EventTooLarge: ``filing.too_large``; nothing of the batch was appended.
        """
        ...

    def known(self, command_ids: Collection[UUID]) -> Mapping[UUID, AlreadyFiled]:
        """Give those of the commands that were accepted before."""
        ...

    def read(self, after: int, limit: int, until: int | None = None) -> Sequence[Envelope]:
        """Give at most ``limit`` events with ``after < position <= until``, in order of position."""
        ...

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Envelope]:
        """Give the events of one stream beyond a version, in order; empty for an unknown stream."""
        ...


class Appender(Protocol):
    """Appends single commands of many callers at once. Every adapter passes ``tests/contract/test_appender.py``."""

    def append(self, submission: Submission, timeout_s: float = ...) -> Outcome:
        """Append one command and give its own outcome; nobody else's command can make it fail.

        After a lost connection it is settled by its ``command_id``: ``Accepted`` if this very call filed it.

        Raises:
            DeadlinePassed: ``append.deadline_passed``, after ``timeout_s``.
            EventTooLarge: ``filing.too_large``.
            AppenderClosed: ``append.closed``.
        """
        ...


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Give the time now, with an offset."""
        ...


class Ids(Protocol):
    """Where identifiers come from."""

    def event_id(self) -> UUID:
        """Make a UUIDv7, increasing within this process."""
        ...


class StoreUnavailable(Exception):
    """The event store is out of reach; nothing is known of the last call. Ask again."""

    code = "store.unavailable"


class EventTooLarge(Exception):
    """An event's canonical JSON exceeds 4 MiB; nothing of the batch was appended."""

    code = "filing.too_large"


class DeadlinePassed(Exception):
    """A command was not answered within its time. Its message says whether it may stand; ask again to know."""

    code = "append.deadline_passed"


class AppenderClosed(Exception):
    """The appender takes no more commands; nothing of this one was appended."""

    code = "append.closed"
