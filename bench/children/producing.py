"""kafka-python produces messages that lie ready, with the best settings known."""

from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from time import monotonic

import msgspec
from kafka import KafkaProducer

from bench.children.figure import tell_figure

_HEADERS = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
_FIRST = 2_000
_PATIENCE_S = 120.0

# Place among the topics, partition, key, value.
Message = tuple[int, int, bytes, bytes]


def main(bootstrap: str, topics: list[str], messages: Path, events: int) -> None:
    """Produce all of them; as for the relay, what goes first is left out of the rate.

    Args:
        bootstrap: of the broker.
        topics: where to; a message says which of them.
        messages: a file that the benchmark wrote.
        events: how many events all messages tell of; an export goes to two topics.
    """
    found = msgspec.msgpack.decode(messages.read_bytes(), type=list[Message])
    first = min(_FIRST, len(found) // 2)
    producer = KafkaProducer(
        bootstrap_servers=bootstrap,
        metrics_enabled=False,
        acks="all",
        enable_idempotence=True,
        linger_ms=20,
        batch_size=256 * 1024,
        compression_type="lz4",
        max_request_size=8 * 1024 * 1024,
    )
    with closing(producer):
        _produce(producer, topics, found[:first])
        begun = monotonic()
        _produce(producer, topics, found[first:])
        seconds = monotonic() - begun
    share = (len(found) - first) / len(found)
    tell_figure(events * share, seconds)


def _produce(producer: KafkaProducer, topics: list[str], messages: list[Message]) -> None:
    futures = [
        producer.send(topics[place], value=value, key=key, headers=_HEADERS, partition=partition)
        for place, partition, key, value in messages
    ]
    producer.flush(_PATIENCE_S)
    for future in futures:
        future.get(_PATIENCE_S)


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topics", nargs="+", required=True)
    parser.add_argument("--messages", type=Path, required=True)
    parser.add_argument("--events", type=int, required=True)
    main(**vars(parser.parse_args()))
