"""Putting a block together from what was decided, and taking it apart when some of it does not stand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Protocol
from uuid import uuid4

from msgspec import Struct

from application.blocks import Block, BlockStale
from application.filing import Filing, FilingOutcome
from application.importing import Provenance
from application.plain_sales import PlainSale

Draft = Filing | PlainSale


class BlockIds(Protocol):
    """Where the identifiers of a block's events come from."""

    def event_ids(self, count: int) -> Sequence[bytes]:
        """Make UUIDv7s, increasing, each as its 16 bytes."""
        ...


class PlainEvent(Struct, frozen=True, gc=False):
    """An event whose canonical JSON is written."""

    stream: str
    key: str
    type: str
    schema_version: int
    occurred_at: datetime
    data: bytes


class Part(Struct, frozen=True, gc=False):
    """What was decided of one draft.

    Attributes:
        place: of the draft among those that are prepared together.
        command_id: as 16 bytes.
        guards: streams that the decision rests on.
        writes: those of them that it changes, or might change if it were decided anew.
        events: what it adds; empty where it was refused or states what is in force.
        outcome: what it comes to if nothing is added.
    """

    place: int
    command_id: bytes
    guards: Sequence[str]
    writes: Sequence[str]
    events: Sequence[PlainEvent]
    outcome: FilingOutcome | None


@dataclass(slots=True)
class Prepared:
    """A block that is laid down, and what it was made of."""

    block: Block
    drafts: Sequence[Draft]
    parts: Sequence[Part]
    versions: Mapping[str, int]


def build(parts: Sequence[Part], versions: Mapping[str, int], provenance: Provenance, ids: BlockIds) -> Block:
    """Make a block of parts, in their order, guarded by the versions that were loaded."""
    block = Block(uuid4(), provenance)
    names = dict.fromkeys(chain.from_iterable([part.guards for part in parts]))
    block.guards.update(zip(names, map(versions.__getitem__, names), strict=True))
    events = [event for part in parts for event in part.events]
    if not events:
        return block
    block.command_ids.extend([part.command_id for part in parts for _ in part.events])
    block.streams.extend([event.stream for event in events])
    block.keys.extend([event.key for event in events])
    block.types.extend([event.type for event in events])
    block.schema_versions.extend([event.schema_version for event in events])
    block.times.extend([event.occurred_at for event in events])
    block.data.extend([event.data for event in events])
    block.versions.extend(_following(block.streams, versions))
    block.event_ids.extend(ids.event_ids(len(events)))
    return block


def _following(streams: Sequence[str], versions: Mapping[str, int]) -> Iterator[int]:
    """Count on from the versions that were loaded, for each stream by itself."""
    last: dict[str, int] = {}
    for stream in streams:
        last[stream] = version = last.get(stream, versions[stream]) + 1
        yield version


def split(parts: Sequence[Part], stale: BlockStale) -> tuple[list[Part], list[Part]]:
    """Tell the parts that stand from those to be decided again.

    Those are what rests on a stale stream or was filed meanwhile, and whatever comes later and rests on a stream that
    such a part changes or might change.
    """
    bad, commands = set(stale.streams), set(stale.filed)
    stand: list[Part] = []
    again: list[Part] = []
    for part in parts:
        if part.command_id in commands or _meets(part.guards, bad):
            again.append(part)
            commands.add(part.command_id)
            bad.update(part.writes)
        else:
            stand.append(part)
    return stand, again


def _meets(streams: Sequence[str], bad: Collection[str]) -> bool:
    return any(stream in bad for stream in streams)
