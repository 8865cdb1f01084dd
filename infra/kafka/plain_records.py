"""Reading what a fetch brought with as little work as a record needs.

kafka-python makes two objects with twenty attributes of each record and reads headers, times and sizes that nobody
here asks for: three quarters of what polling costs. Fetching, positions and the group stay the library's own.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record.util import decode_varint

_MAGIC = 2
_ONE_BYTE = 0x80
_tuple = tuple.__new__


class PlainRecord(NamedTuple):
    """A record, as far as anybody here looks at it."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


class PlainRecords(Fetcher.PartitionRecords):  # type: ignore[misc] # kafka-python ships no types, so its class is Any
    """What one fetch brought of one partition.

    Every batch's checksum is compared and control records are left out, as the library does it where transactions
    are not looked at: nobody writes our topics in any.
    """

    def _unpack_records(self, tp: TopicPartition, records: Any, *_: None) -> Iterator[PlainRecord]:
        partition = tp.partition
        while (batch := records.next_batch()) is not None:
            if self.check_crcs and not batch.validate_crc():
                raise CorruptRecordError(f"a batch of {tp} at {batch.base_offset} differs from its checksum")
            if batch.magic != _MAGIC:
                raise CorruptRecordError(f"a batch of {tp} at {batch.base_offset} is of a format from before 2017")
            self.leader_epoch = batch.leader_epoch
            if not batch.is_control_batch:
                for offset, key, value in _records_of(batch):
                    # What the consumer's position becomes if this record is the last one taken.
                    self.next_fetch_offset = offset + 1
                    yield _tuple(PlainRecord, (partition, offset, key, value))
            self.next_fetch_offset = batch.next_offset
        self.drain()


def read_plainly(consumer: KafkaConsumer) -> None:
    """Let this consumer's polls give ``PlainRecord``; deserializers are not asked."""
    consumer._fetcher.PartitionRecords = PlainRecords  # noqa: SLF001 - no option says which class unpacks a fetch


def _records_of(batch: Any) -> Iterator[tuple[int, bytes | None, bytes | None]]:
    """Give offset, key and value of each record.

    A record is its length, attributes (a byte), time, offset in the batch, key and value, each after its length,
    and headers; numbers are varints.
    """
    iter(batch)  # decompresses
    data, at, first = bytes(batch._buffer), batch._pos, batch.base_offset  # noqa: SLF001 - its public way makes an object a record, which this spares
    try:
        for _ in range(batch.records_count):
            length, at = decode_varint(data, at)
            end = at + length
            at += 1
            while data[at] >= _ONE_BYTE:
                at += 1
            delta, at = decode_varint(data, at + 1)
            size, at = decode_varint(data, at)
            key, at = (data[at : at + size], at + size) if size >= 0 else (None, at)
            size, at = decode_varint(data, at)
            value, at = (data[at : at + size], at + size) if size >= 0 else (None, at)
            # The number of headers follows, so the record does not end here.
            if at >= end:
                raise CorruptRecordError(f"a record at {first + delta} is longer than it says")
            yield first + delta, key, value
            at = end
    except (ValueError, IndexError) as error:
        raise CorruptRecordError(f"a record in the batch at {first} is none: {error!r}") from error
    if at != len(data):
        raise CorruptRecordError(f"the batch at {first} goes on behind its last record")
