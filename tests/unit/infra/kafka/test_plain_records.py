"""Records read plainly are the library's own records, and what the library refuses is refused."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from kafka import TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record import MemoryRecords
from kafka.record.default_records import DefaultRecordBatchBuilder
from kafka.record.memory_records import MemoryRecordsBuilder

from infra.kafka.plain_records import PlainRecord, PlainRecords, read_plainly

PARTITION = TopicPartition("topic", 3)
LZ4, MAGIC, ATTRIBUTES_AT, RECORDS_AT, CONTROL = 3, 2, 21, 61, 0x20
RECORDS = [(5, b"key", b"value", [("content-type", b"x")], 0)] * 3

# Lengths on both sides of where a varint grows by a byte, and more than two bytes of them.
_TEXT = st.one_of(st.none(), st.binary(max_size=70), st.sampled_from([b"k" * 63, b"k" * 64, b"v" * 8191, b"v" * 8192]))
_RECORD = st.tuples(
    st.integers(0, 2**41),
    _TEXT,
    _TEXT,
    st.lists(st.tuples(st.text(max_size=5), st.one_of(st.none(), st.binary(max_size=5))), max_size=2),
    st.integers(0, 200),
)
_BATCHES = st.lists(st.lists(_RECORD, min_size=1, max_size=5), min_size=1, max_size=3)


def fetched(batches: Sequence[Sequence[Any]], compression: int, first: int) -> bytes:
    """Write batches as a broker sends them, with gaps in the offsets, as compaction leaves them."""
    blocks = []
    for records in batches:
        builder = MemoryRecordsBuilder(MAGIC, compression, 1_000_000, offset=first)
        for at_ms, key, value, headers, gap in records:
            builder.skip(gap)
            builder.append(at_ms, key, value, headers)
        builder.close()
        blocks.append(bytes(builder.buffer()))
        first = builder.next_offset()
    return b"".join(blocks)


def reading(kind: Any, data: bytes, offset: int = 0) -> Any:
    """Read a fetch from an offset."""
    return kind(offset, PARTITION, MemoryRecords(data))


def steps(parts: Any, at_once: int) -> Iterator[tuple[list[tuple[Any, ...]], int]]:
    """Take some at once; give them, and the position after each time."""
    while parts:
        taken = [(each.partition, each.offset, each.key, each.value) for each in parts.take(at_once)]
        yield taken, parts.next_fetch_offset


@given(batches=_BATCHES, compression=st.sampled_from([0, LZ4]), skipped=st.integers(0, 40), at_once=st.integers(1, 4))
def test_records_and_positions_are_the_librarys(
    batches: Sequence[Sequence[Any]], compression: int, skipped: int, at_once: int
) -> None:
    """Whatever is in the batches, wherever reading begins, and however much of it is taken at once."""
    data = fetched(batches, compression, 1_000)
    plain, stock = (reading(kind, data, 1_000 + skipped) for kind in (PlainRecords, Fetcher.PartitionRecords))
    found = list(steps(plain, at_once))
    assert found == list(steps(stock, at_once))
    assert plain.leader_epoch == stock.leader_epoch


@given(place=st.integers(17, 200), byte=st.integers(0, 255))
def test_a_changed_byte_fails_the_checksum(place: int, byte: int) -> None:
    """Wherever it stands behind the checksum itself."""
    data = bytearray(fetched([RECORDS], 0, 7))
    assume(ATTRIBUTES_AT <= place < len(data) and data[place] != byte)
    data[place] = byte
    with pytest.raises(CorruptRecordError):
        reading(PlainRecords, bytes(data)).take(10)


@given(place=st.integers(RECORDS_AT, 200), byte=st.integers(0, 255))
def test_where_checksums_are_not_asked_for_nothing_else_is_read_than_by_the_library(place: int, byte: int) -> None:
    """What the library can read is the same here; a record that reaches beyond its end is refused, never read."""
    data = bytearray(fetched([RECORDS], 0, 7))
    assume(place < len(data))
    data[place] = byte
    plain, stock = (
        kind(0, PARTITION, MemoryRecords(bytes(data)), check_crcs=False)
        for kind in (PlainRecords, Fetcher.PartitionRecords)
    )
    try:
        expected = list(steps(stock, 1))
    except (CorruptRecordError, UnicodeDecodeError):
        expected = None
    try:
        found = list(steps(plain, 1))
    except CorruptRecordError:
        found = None
    assert expected is None or found == expected


def test_a_control_batch_moves_only_the_position() -> None:
    """It says how a transaction ended, and is no record."""
    data = bytearray(fetched([[(5, b"\0\0\0\1", b"\0" * 6, [], 0)]], 0, 7))
    data[ATTRIBUTES_AT + 1] |= CONTROL
    parts = PlainRecords(0, PARTITION, MemoryRecords(bytes(data)), check_crcs=False)
    assert parts.take(10) == []
    assert parts.next_fetch_offset == 8


def test_what_stands_behind_the_last_record_is_refused() -> None:
    """A batch whose number of records is wrong is corrupt."""
    builder = DefaultRecordBatchBuilder(MAGIC, 0, False, -1, -1, -1, 1_000)  # noqa: FBT003 - as it is there
    for offset in range(2):
        builder.append(offset, 5, b"key", b"value", [])
    data = bytearray(builder.build())
    data[60] -= 1  # the number of records, the last field of the batch's head
    parts = PlainRecords(0, PARTITION, MemoryRecords(bytes(data)), check_crcs=False)
    assert len(parts.take(10)) == 1
    with pytest.raises(CorruptRecordError, match="behind its last record"):
        parts.take(10)


def test_an_old_format_is_refused() -> None:
    """Kafka 4 can no longer store it, and nobody here can read it."""
    builder = MemoryRecordsBuilder(1, 0, 1_000)
    builder.append(5, b"key", b"value")
    builder.close()
    with pytest.raises(CorruptRecordError, match="before 2017"):
        reading(PlainRecords, bytes(builder.buffer())).take(10)


def test_a_consumer_is_told_in_the_one_place_that_the_library_has() -> None:
    """The class that a fetcher makes is looked up on itself, so one consumer can have another."""
    fetcher = Fetcher.__new__(Fetcher)
    assert fetcher.PartitionRecords is not PlainRecords
    read_plainly(SimpleNamespace(_fetcher=fetcher))
    assert fetcher.PartitionRecords is PlainRecords
    assert Fetcher.PartitionRecords is not PlainRecords
    assert PlainRecord(1, 2, None, b"x")._fields == ("partition", "offset", "key", "value")
