"""What the database does with blocks that are wrong, strange or forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from application.blocks import Block, BlockAppended
from application.importing import Provenance
from application.ports import MAX_DATA_BYTES, StoreUnavailable
from domain.envelope import Actor
from infra.postgres.block_log import PostgresBlockLog
from infra.postgres.event_log import PostgresEventLog
from tests.support.dropping_proxy import dropping_proxy
from tests.support.services import Database

ME = Provenance(Actor("li.wei", "exporter", ""), "exporter", UUID(int=7))


@pytest.fixture
def blocks(database: Database) -> Iterator[PostgresBlockLog]:
    """What takes blocks."""
    opened = PostgresBlockLog(database.writer_url)
    yield opened
    opened.close()


def _block(stream: str = "exporter/a", *, data: bytes = b"{}", guarded: bool = True) -> Block:
    block = Block(uuid4(), ME, {stream: 0} if guarded else {"exporter/other": 0})
    block.command_ids, block.event_ids = [uuid4().bytes], [uuid4().bytes]
    block.streams, block.versions = [stream], [1]
    block.keys, block.types, block.schema_versions = [stream], ["exporter.registered"], [1]
    block.times, block.data = [datetime(2025, 6, 1, tzinfo=UTC)], [data]
    return block


def _events(*places: tuple[str, int, str], guards: dict[str, int]) -> Block:
    """Make a block of commands of one event each, given as stream, version and key."""
    block = Block(uuid4(), ME, guards)
    for stream, version, key in places:
        one = _block(stream)
        for many, single in ((block.command_ids, one.command_ids), (block.event_ids, one.event_ids)):
            many.extend(single)
        block.streams.append(stream)
        block.versions.append(version)
        block.keys.append(key)
        block.types.extend(one.types)
        block.schema_versions.extend(one.schema_versions)
        block.times.extend(one.times)
        block.data.extend(one.data)
    return block


def test_a_stream_keeps_the_key_of_its_first_event(blocks: PostgresBlockLog, log: PostgresEventLog) -> None:
    """Whatever key later events bring, in the block that begins the stream and in one after it."""
    begins = _events(("a", 1, "key-a"), ("b", 1, "key-b"), ("a", 2, "other"), guards={"a": 0, "b": 0})
    goes_on = _events(("b", 2, "other"), ("c", 1, "key-c"), ("a", 3, "other"), guards={"b": 1, "c": 0, "a": 2})
    for block in (begins, goes_on):
        blocks.stage(block)
        assert isinstance(blocks.append_staged(block.block_id), BlockAppended)
    assert [each.key for each in log.read(0, 9)] == ["key-a", "key-b", "key-a", "key-b", "key-c", "key-a"]


@pytest.mark.parametrize(
    ("block", "state"),
    [
        (_block(guarded=False), "LD004"),
        (_block(data=b"x" * (MAX_DATA_BYTES + 1)), "LD002"),
    ],
    ids=["no-guard", "too-large"],
)
def test_a_wrong_block_is_refused_whole(
    blocks: PostgresBlockLog, log: PostgresEventLog, block: Block, state: str
) -> None:
    """An event without a guard, or larger than any event may be."""
    blocks.stage(block)
    with pytest.raises(psycopg.Error) as refused:
        blocks.append_staged(block.block_id)
    assert refused.value.sqlstate == state
    assert log.head() == 0
    right = _block()
    blocks.stage(right)
    assert blocks.append_staged(right.block_id) == BlockAppended(1, 1)


@pytest.mark.parametrize(
    "change",
    [
        "event_versions = '{2}'",
        "guard_adds = '{2}'",
        "guard_adds = '{0}'",
        "command_lasts = '{2}'",
        "command_befores = '{1}'",
        "command_ids = ARRAY[gen_random_uuid()]",
        "command_ids = command_ids || gen_random_uuid(), command_befores = '{0,1}', command_lasts = '{1,2}'",
        "event_data = '{}'",
        "event_streams = '{}'",
    ],
)
def test_a_block_whose_lists_do_not_fit_is_refused(
    database: Database, blocks: PostgresBlockLog, log: PostgresEventLog, change: str
) -> None:
    """The writer is trusted with facts, not with the numbering of the log."""
    block = _block()
    blocks.stage(block)
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute(f"UPDATE lodestone.staging SET {change}".encode())  # noqa: S608 - one of those above
    with pytest.raises(psycopg.Error) as refused:
        blocks.append_staged(block.block_id)
    assert refused.value.sqlstate in {"LD004", "23502"}
    assert log.head() == 0
    assert log.known([UUID(bytes=block.command_ids[0])]) == {}


def test_what_is_not_laid_down_is_not_taken_in(database: Database, blocks: PostgresBlockLog) -> None:
    """Neither an unknown block nor one that another role laid down."""
    with pytest.raises(StoreUnavailable, match="file it again"):
        blocks.append_staged(uuid4())
    block = _block()
    blocks.stage(block)
    with psycopg.connect(database.admin_url, autocommit=True) as admin, pytest.raises(psycopg.Error) as foreign:
        admin.execute("SELECT lodestone.append_block(%s)", (block.block_id,))
    assert foreign.value.sqlstate == "LD005"


def test_nothing_stays_laid_down(database: Database, blocks: PostgresBlockLog) -> None:
    """What is taken in goes, and so does what was left behind an hour ago."""
    forgotten, other, block = _block(), _block("exporter/b"), _block("exporter/c")
    blocks.stage(forgotten)
    blocks.stage(other)
    blocks.stage(block)
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute("SET lodestone.migrating = 'on'")
        admin.execute(
            "UPDATE lodestone.staging SET staged_at = staged_at - interval '2 hours' WHERE block = %s",
            (forgotten.block_id,),
        )
        blocks.append_staged(block.block_id)
        assert admin.execute("SELECT block FROM lodestone.staging").fetchall() == [(other.block_id,)]


def test_a_lost_answer_is_asked_for_again(database: Database, log: PostgresEventLog) -> None:
    """The ledger of blocks answers on another connection, and nothing is added twice."""
    block = _block()
    with dropping_proxy(database.writer_url) as proxy:
        far = PostgresBlockLog(proxy.url)
        far.stage(block)
        proxy.drop_answer_once(lambda: log.head() > 0)
        with pytest.raises(StoreUnavailable):
            far.append_staged(block.block_id)
        assert far.append_staged(block.block_id) == BlockAppended(1, 1)
        far.close()
    assert log.head() == 1
