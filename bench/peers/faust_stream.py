"""Faust: an agent that takes batches; folding and writing are done in a thread, so that fetching goes on."""

import asyncio
import sys
from tempfile import TemporaryDirectory
from typing import Any

import faust

from bench.peers.arguments import Work, work
from bench.peers.writing import VolumeWriter

_WITHIN_S = 0.2


def application(told: Work, datadir: str) -> Any:
    """Put the application together."""
    app = faust.App(
        told.group,
        broker=f"kafka://{told.bootstrap}",
        datadir=datadir,
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        # The embedded broker lets a member in after half a session; the defaults are a minute.
        broker_session_timeout=6.0,
        broker_heartbeat_interval=2.0,
        broker_rebalance_timeout=6.0,
        broker_max_poll_records=told.batch,
        stream_buffer_maxsize=4 * told.batch,
    )
    writer = VolumeWriter(told.url)
    topic = app.topic(told.topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    @app.agent(topic)
    async def volumes(stream: Any) -> None:
        async for batch in stream.take(told.batch, within=_WITHIN_S):
            await asyncio.to_thread(writer.write, batch)

    return app


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        found = application(work(), folder)
        sys.argv = [sys.argv[0], "worker", "--without-web", "--loglevel", "warn"]
        found.main()
