"""kafka-python polls a topic from its beginning and throws everything away: nothing can consume faster with it."""

from argparse import ArgumentParser
from contextlib import closing
from time import monotonic

from kafka import KafkaConsumer, TopicPartition

from bench.children.figure import tell_figure

_POLL_MS = 500
_MB = 1024 * 1024


def main(bootstrap: str, topic: str, total: int, batch: int) -> None:
    """Poll a number of records; connecting is not timed."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap,
        metrics_enabled=False,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 * _MB,
        fetch_max_bytes=32 * _MB,
        max_poll_records=batch,
    )
    with closing(consumer):
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        begun, done = monotonic(), 0
        while done < total:
            done += sum(len(records) for records in consumer.poll(_POLL_MS, max_records=batch).values())
        seconds = monotonic() - begun
    tell_figure(done, seconds)


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--total", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    main(**vars(parser.parse_args()))
