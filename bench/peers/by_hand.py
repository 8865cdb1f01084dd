"""confluent-kafka and psycopg, batched by hand: what a careful engineer writes without any framework."""

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

from bench.peers.arguments import Work, work
from bench.peers.writing import VolumeWriter

_PATIENCE_S = 0.2


def main(told: Work) -> None:
    """Read and write until stopped."""
    writer = VolumeWriter(told.url)
    consumer = Consumer(
        {
            "bootstrap.servers": told.bootstrap,
            "group.id": told.group,
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 50,
            "fetch.message.max.bytes": 8 * 1024 * 1024,
            "queued.min.messages": 200_000,
            "queued.max.messages.kbytes": 512 * 1024,
        }
    )
    partitions = consumer.list_topics(told.topic).topics[told.topic].partitions
    consumer.assign([TopicPartition(told.topic, number, OFFSET_BEGINNING) for number in partitions])
    while True:
        values: list[bytes] = []
        for message in consumer.consume(told.batch, _PATIENCE_S):
            if message.error() is not None:
                raise KafkaException(message.error())
            values.append(message.value() or b"")
        writer.write(values)


if __name__ == "__main__":
    main(work())
