"""What every log does with blocks: the one in memory and the one on PostgreSQL."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4

import pytest

from application.blocks import Block, BlockAppended, BlockLog, BlockStale
from application.encoding import encode_event
from application.importing import Provenance
from application.ports import EventLog, Loaded
from domain.envelope import Actor, utc_text
from domain.event import Event
from domain.exporter.events import ExporterRegistered, ExporterSuspended
from domain.exporter.state import Exporter
from infra.clock import SystemClock
from infra.memory.event_log import InMemoryEventLog
from infra.postgres.block_log import PostgresBlockLog
from infra.postgres.event_log import PostgresEventLog
from tests.support.services import Database
from tests.support.submissions import stream_of, submission

A, B, C = (stream_of(number) for number in (1, 2, 3))
ME = Provenance(Actor("li.wei", "exporter", "Firm"), "exporter", UUID(int=7))
AT = datetime(2025, 6, 1, 12, 30, 15, 123456, tzinfo=UTC)


class Logs(Protocol):
    """The same log, as what takes blocks and as what appends and reads."""

    blocks: BlockLog
    events: EventLog


class _Logs:
    def __init__(self, blocks: BlockLog, events: EventLog) -> None:
        self.blocks = blocks
        self.events = events


@pytest.fixture(params=["memory", "postgres"])
def logs(request: pytest.FixtureRequest) -> Iterator[Logs]:
    """An empty log of each kind."""
    if request.param == "memory":
        memory = InMemoryEventLog(SystemClock())
        yield _Logs(memory, memory)
        return
    database: Database = request.getfixturevalue("database")
    blocks = PostgresBlockLog(database.writer_url)
    with PostgresEventLog.connect(database.writer_url) as events:
        yield _Logs(blocks, events)
    blocks.close()


def _registered(number: int, name: str = "Firm") -> Event:
    return ExporterRegistered(uscc=f"{number:018d}", names=(name,), customs_code=None, region="1")


def _suspended(number: int, standing_no: int) -> Event:
    return ExporterSuspended(uscc=f"{number:018d}", standing_no=standing_no, reason="r")


def _block(guards: dict[str, int], *commands: Sequence[Event], ids: Sequence[UUID] = ()) -> Block:
    block = Block(uuid4(), ME, dict(guards))
    for place, events in enumerate(commands):
        command_id = ids[place] if ids else uuid4()
        for event in events:
            block.command_ids.append(command_id.bytes)
            block.event_ids.append(uuid4().bytes)
            block.streams.append(event.stream)
            block.versions.append(guards[event.stream] + block.streams.count(event.stream))
            block.keys.append(event.key)
            block.types.append(event.type)
            block.schema_versions.append(event.schema_version)
            block.times.append(AT)
            block.data.append(encode_event(event))
    return block


def _taken(logs: Logs, block: Block) -> BlockAppended | BlockStale:
    logs.blocks.stage(block)
    return logs.blocks.append_staged(block.block_id)


def test_a_block_is_numbered_in_its_order(logs: Logs) -> None:
    """Positions follow the log's, versions each stream's, also where a block adds to one stream again and again."""
    logs.events.append([submission(1)])
    block = _block({A: 1, B: 0}, [_suspended(1, 1), _registered(2)], [_suspended(2, 1)], [_suspended(2, 2)])
    assert _taken(logs, block) == BlockAppended(2, 5)
    assert [(each.position, each.stream, each.version) for each in logs.events.read(1, 9)] == [
        (2, A, 2),
        (3, B, 1),
        (4, B, 2),
        (5, B, 3),
    ]
    assert _taken(logs, _block({A: 2, B: 3}, [_suspended(1, 2)])) == BlockAppended(6, 6)


def test_an_event_keeps_all_that_it_was_given(logs: Logs) -> None:
    """Identity, actor, times and data; the key is that of the stream's first event."""
    command_id = uuid4()
    block = _block({A: 0}, [_registered(1, "磁\u202e\"'\t")], ids=[command_id])
    _taken(logs, block)
    more = _block({A: 1}, [_suspended(1, 1)])
    _taken(logs, more)
    first, second = logs.events.read(0, 9)
    assert (first.event_id, first.command_id) == (str(UUID(bytes=block.event_ids[0])), str(command_id))
    assert (first.actor, first.correlation_id, first.causation_id) == (ME.actor, str(ME.correlation_id), None)
    assert (first.occurred_at, first.type, first.schema_version) == (utc_text(AT), "exporter.registered", 1)
    assert first.data == block.data[0]
    assert (first.key, second.key) == (A, A)
    assert second.recorded_at >= first.recorded_at


def test_a_stale_block_adds_nothing_and_names_its_streams(logs: Logs) -> None:
    """Also streams that it only read; what it was laid down as is gone."""
    logs.events.append([submission(1)])
    block = _block({A: 0, B: 0, C: 1}, [_registered(2)])
    stale = _taken(logs, block)
    assert isinstance(stale, BlockStale)
    assert stale == BlockStale(frozenset({A, C}), frozenset())
    assert logs.events.head() == 1


def test_a_command_that_was_filed_meanwhile_is_named(logs: Logs) -> None:
    """And nothing is added twice."""
    known, fresh = submission(1), uuid4()
    logs.events.append([known])
    block = _block({A: 1, B: 0}, [_suspended(1, 1)], [_registered(2)], ids=[known.command_id, fresh])
    assert _taken(logs, block) == BlockStale(frozenset(), frozenset({known.command_id.bytes}))
    assert set(logs.blocks.filed([known.command_id.bytes, fresh.bytes])) == {known.command_id.bytes}
    assert logs.events.head() == 1


def test_a_block_that_was_taken_in_answers_as_before(logs: Logs) -> None:
    """However often it is asked for, whatever happened since."""
    block = _block({A: 0}, [_registered(1), _suspended(1, 1)])
    assert _taken(logs, block) == BlockAppended(1, 2)
    logs.events.append([submission(2)])
    assert logs.blocks.append_staged(block.block_id) == BlockAppended(1, 2)
    assert logs.events.head() == 3


def test_the_commands_of_a_block_are_known_afterwards(logs: Logs) -> None:
    """By both ways of filing, with their positions."""
    ids = [uuid4(), uuid4()]
    _taken(logs, _block({A: 0, B: 0}, [_registered(1), _suspended(1, 1)], [_registered(2)], ids=ids))
    known = logs.events.known(ids)
    assert [(known[each].first_position, known[each].last_position) for each in ids] == [(1, 2), (3, 3)]
    assert set(logs.blocks.filed([each.bytes for each in ids])) == {each.bytes for each in ids}


def test_a_block_that_only_reads_holds_its_guards(logs: Logs) -> None:
    """Refusals rest on versions too: they are confirmed, and no event is added."""
    assert _taken(logs, _block({A: 0})) == BlockAppended(1, 0)
    logs.events.append([submission(1)])
    assert _taken(logs, _block({A: 0})) == BlockStale(frozenset({A}), frozenset())
    assert _taken(logs, _block({A: 1})) == BlockAppended(2, 1)
    assert logs.events.head() == 1


def test_streams_are_loaded_as_the_event_log_loads_them(logs: Logs) -> None:
    """Every name is answered."""
    _taken(logs, _block({A: 0}, [_registered(1), _suspended(1, 1)]))
    loaded = logs.blocks.load([A, B])
    assert loaded == logs.events.load([A, B])
    assert isinstance(loaded[A].state, Exporter)
    assert loaded[B] == Loaded(Exporter(), 0)
