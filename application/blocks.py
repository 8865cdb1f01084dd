"""A block: the events of many filings, laid down before the lock is taken and taken in whole."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.importing import Provenance
from application.ports import Loaded


@dataclass(slots=True)
class Block:
    """Parallel lists, one element an event; identifiers as the 16 bytes that are stored.

    Attributes:
        block_id: fresh and random, so that nobody can have laid down anything under it.
        provenance: of every event.
        guards: stream -> version that the whole block was decided on; every stream of an event is in it.
        command_ids: the command that each event belongs to; a command's events stand together.
        versions: that each event gets, following on from the guards.
    """

    block_id: UUID
    provenance: Provenance
    guards: dict[str, int] = field(default_factory=dict)
    command_ids: list[bytes] = field(default_factory=list)
    event_ids: list[bytes] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    schema_versions: list[int] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BlockAppended:
    """The block's events stand at these positions, in its order; the last is before the first if it has none."""

    first_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class BlockStale:
    """Nothing of the block was appended.

    Attributes:
        streams: those that have another version than the block was decided on.
        filed: commands of the block that have been filed meanwhile.
    """

    streams: frozenset[str]
    filed: frozenset[bytes]


class BlockLog(Protocol):
    """A log that takes blocks. Every adapter passes ``tests/contract/test_block_log.py``."""

    def load(self, streams: Collection[str]) -> Mapping[str, Loaded]:
        """Fold streams, as ``EventLog.load`` does."""
        ...

    def filed(self, command_ids: Sequence[bytes]) -> Collection[bytes]:
        """Give those of the commands that were accepted before."""
        ...

    def stage(self, block: Block) -> None:
        """Lay a block down; takes no lock, and changes nothing that anybody can see.

        Raises:
            StoreUnavailable: ``store.unavailable``.
        """
        ...

    def append_staged(self, block_id: UUID) -> BlockAppended | BlockStale:
        """Take in a block that was laid down, whole or not at all; afterwards it is laid down no more.

        MUST answer a block that was taken in before with its positions: so a lost answer is asked for again.

        Raises:
            StoreUnavailable: ``store.unavailable``; ask again.
        """
        ...
