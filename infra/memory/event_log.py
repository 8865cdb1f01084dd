"""The ``EventLog`` port in memory, for unit tests; passes the same contract suite as PostgreSQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from threading import Lock
from uuid import UUID, uuid4

from application.blocks import Block, BlockAppended, BlockStale
from application.ports import (
    MAX_DATA_BYTES,
    Accepted,
    AlreadyFiled,
    Clock,
    Conflict,
    EventTooLarge,
    Loaded,
    NewEvent,
    Outcome,
    Submission,
)
from domain.aggregates import evolve, initial
from domain.envelope import Envelope, utc_text
from domain.registry import decode, encode


class InMemoryEventLog:
    """Keeps everything in lists; threads may share it, and append one after another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._staged: dict[UUID, Block] = {}
        self._blocks: dict[UUID, BlockAppended] = {}
        self._id = uuid4()
        self._events: list[Envelope] = []
        self._streams: dict[str, list[Envelope]] = {}
        self._commands: dict[UUID, AlreadyFiled] = {}

    def log_id(self) -> UUID:
        """Give the identity of this log."""
        return self._id

    def head(self) -> int:
        """Give the last position, 0 while the log is empty."""
        return len(self._events)

    def load(self, streams: Collection[str]) -> Mapping[str, Loaded]:
        """Fold each stream into its aggregate."""
        return {stream: self._fold(stream) for stream in streams}

    def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:  # noqa: ARG002 - of the port; memory is never late
        """Append command by command; see the port."""
        for submission in submissions:
            for new in submission.events:
                if len(_data(new)) > MAX_DATA_BYTES:
                    raise EventTooLarge(f"an event of {new.event.stream} exceeds 4 MiB; file it in parts")
        with self._lock:
            return [self._append(each) for each in submissions]

    def known(self, command_ids: Collection[UUID]) -> Mapping[UUID, AlreadyFiled]:
        """Give those of the commands that were accepted before."""
        return {each: self._commands[each] for each in command_ids if each in self._commands}

    def read(self, after: int, limit: int, until: int | None = None) -> Sequence[Envelope]:
        """Give at most ``limit`` events with ``after < position <= until``."""
        end = len(self._events) if until is None else until
        return self._events[after:end][:limit]

    def read_stream(self, stream: str, after_version: int = 0) -> Sequence[Envelope]:
        """Give the events of one stream beyond a version."""
        return self._streams.get(stream, [])[after_version:]

    def filed(self, command_ids: Sequence[bytes]) -> Collection[bytes]:
        """Give those of the commands that were accepted before."""
        return {each for each in command_ids if UUID(bytes=each) in self._commands}

    def stage(self, block: Block) -> None:
        """Lay a block down."""
        self._staged[block.block_id] = block

    def append_staged(self, block_id: UUID) -> BlockAppended | BlockStale:
        """Take in a block, whole or not at all; see the port."""
        with self._lock:
            if block_id in self._blocks:
                return self._blocks[block_id]
            block = self._staged.pop(block_id)
            versions = {stream: len(self._streams.get(stream, [])) for stream in block.guards}
            stale = [stream for stream, version in block.guards.items() if version != versions[stream]]
            filed = self.filed(block.command_ids)
            if stale or filed:
                return BlockStale(frozenset(stale), frozenset(filed))
            first = len(self._events) + 1
            for submission in _submissions(block, versions):
                self._append(submission)
            self._blocks[block_id] = BlockAppended(first, len(self._events))
            return self._blocks[block_id]

    def _fold(self, stream: str) -> Loaded:
        state = initial(stream)
        recorded = self._streams.get(stream, [])
        for each in recorded:
            state = evolve(state, decode(each.type, each.schema_version, each.data))
        return Loaded(state, len(recorded))

    def _append(self, submission: Submission) -> Outcome:
        if submission.command_id in self._commands:
            return self._commands[submission.command_id]
        for stream, expected in submission.guards.items():
            actual = len(self._streams.get(stream, []))
            if actual != expected:
                return Conflict(stream, expected, actual)
        first = len(self._events) + 1
        self._record(submission)
        self._commands[submission.command_id] = AlreadyFiled(first, len(self._events))
        return Accepted(first, len(self._events))

    def _record(self, submission: Submission) -> None:
        now = utc_text(self._clock.now())
        recorded_at = max(self._events[-1].recorded_at, now) if self._events else now
        for new in submission.events:
            stream = self._streams.setdefault(new.event.stream, [])
            envelope = Envelope(
                position=len(self._events) + 1,
                stream=new.event.stream,
                version=len(stream) + 1,
                key=stream[0].key if stream else new.event.key,
                event_id=str(new.event_id),
                type=new.event.type,
                schema_version=new.event.schema_version,
                occurred_at=utc_text(new.occurred_at),
                recorded_at=recorded_at,
                actor=submission.actor,
                command_id=str(submission.command_id),
                correlation_id=str(submission.correlation_id),
                causation_id=None if submission.causation_id is None else str(submission.causation_id),
                data=_data(new),
            )
            self._events.append(envelope)
            stream.append(envelope)


def _data(new: NewEvent) -> bytes:
    return encode(new.event) if new.data is None else new.data


def _submissions(block: Block, versions: dict[str, int]) -> Iterator[Submission]:
    """Take a block apart into its commands, each guarded by what those before it have left."""
    rows = zip(
        block.command_ids, block.event_ids, block.types, block.schema_versions, block.times, block.data, strict=True
    )
    for command_id, own in groupby(rows, key=itemgetter(0)):
        events = [
            NewEvent(UUID(bytes=event_id), decode(kind, form, data), at, data)
            for _, event_id, kind, form, at, data in own
        ]
        who = block.provenance
        guards = {each.event.stream: versions[each.event.stream] for each in events}
        yield Submission(UUID(bytes=command_id), who.actor, who.correlation_id, None, guards, events)
        for each in events:
            versions[each.event.stream] += 1
