"""Quix Streams: a sink of its own that writes at each checkpoint, all partitions in one transaction."""

from tempfile import TemporaryDirectory
from typing import Any

from quixstreams import Application
from quixstreams.sinks.base import BaseSink

from bench.peers.arguments import Work, work
from bench.peers.writing import VolumeWriter


class VolumeSink(BaseSink):
    """Collects what comes and writes it when the application commits.

    ``BatchingSink`` keeps a batch for each partition; with one for all of them a checkpoint is one transaction.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._writer = VolumeWriter(url)
        self._values: list[bytes] = []

    def add(self, value: bytes, *_: Any, **__: Any) -> None:
        """Take a record in."""
        self._values.append(value)

    def flush(self) -> None:
        """Write all of them."""
        values, self._values = self._values, []
        self._writer.write(values)


def main(told: Work, state_dir: str) -> None:
    """Read and write until stopped."""
    application = Application(
        broker_address=told.bootstrap,
        consumer_group=told.group,
        auto_offset_reset="earliest",
        commit_every=told.batch,
        commit_interval=1.0,
        auto_create_topics=False,
        use_changelog_topics=False,
        state_dir=state_dir,
        loglevel="WARNING",
        consumer_extra_config={
            # The embedded broker lets a member in after half a session; the default is 45 s.
            "session.timeout.ms": 6_000,
            "fetch.wait.max.ms": 50,
            "queued.min.messages": 200_000,
            "queued.max.messages.kbytes": 512 * 1024,
        },
    )
    topic = application.topic(told.topic, key_deserializer="bytes", value_deserializer="bytes")
    application.dataframe(topic).sink(VolumeSink(told.url))
    application.run()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        main(work(), folder)
