"""`lodestone follow`: what a subscriber sees, live, one line an event."""

import select
import sys
from typing import Annotated

import typer

from consumers.ports import Message
from infra import bootstrap
from infra.kafka.cloudevents import encode
from interfaces.cli.flags import DataDir, Debug
from interfaces.cli.rendering import harmless_json
from interfaces.cli.session import session
from interfaces.cli.stopping import stopped_by_signal

Exports = Annotated[bool, typer.Option("--exports", help="The public feed of exports instead of every event.")]
First = Annotated[int, typer.Option("--from", metavar="POSITION", min=1, help="Begin here, included.")]


def follow(*, exports: Exports = False, first: First = 1, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Live from Kafka as NDJSON, each event once, in order within a partition; ends by Ctrl-C or a closed pipe."""
    with session(data_dir, debug=debug) as settings, stopped_by_signal() as stop:

        def ended() -> bool:
            return stop.is_set() or _nobody_reads()

        bootstrap.follower(settings, _show, ended, stop.wait, exports=exports, first=first).run()


def _show(message: Message) -> None:
    if message.event is not None and message.source is not None:
        line = encode(message.event, None, message.source)
        sys.stdout.buffer.write((harmless_json(line.decode()).encode() if sys.stdout.isatty() else line) + b"\n")
        sys.stdout.buffer.flush()


def _nobody_reads() -> bool:
    """Tell whether standard output is a pipe that was closed, also while there is nothing to write."""
    watched = select.poll()
    watched.register(sys.stdout.fileno(), 0)
    return any(what & (select.POLLERR | select.POLLHUP) for _, what in watched.poll(0))
