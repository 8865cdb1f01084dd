"""Bytewax: its Kafka source, and a sink that writes each batch that the engine hands it in one transaction."""

from bytewax import operators as op
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import cluster_main

from bench.peers.arguments import Work, work
from bench.peers.writing import VolumeWriter


class VolumePartition(StatelessSinkPartition[KafkaSourceMessage]):
    """Writes for one worker."""

    def __init__(self, url: str) -> None:
        self._writer = VolumeWriter(url)

    def write_batch(self, items: list[KafkaSourceMessage]) -> None:
        """Write what the engine collected."""
        self._writer.write([each.value for each in items])


class VolumeSink(DynamicSink[KafkaSourceMessage]):
    """Gives each worker its writer."""

    def __init__(self, url: str) -> None:
        self._url = url

    def build(self, _step_id: str, _worker_index: int, _worker_count: int) -> VolumePartition:
        """Make the writer of one worker."""
        return VolumePartition(self._url)


def main(told: Work) -> None:
    """Read and write until stopped."""
    flow = Dataflow("volumes")
    source = KafkaSource(
        [told.bootstrap],
        [told.topic],
        add_config={"fetch.wait.max.ms": "50"},
        batch_size=told.batch,
    )
    op.output("volumes", op.input("events", flow, source), VolumeSink(told.url))
    cluster_main(flow, [], 0)


if __name__ == "__main__":
    main(work())
