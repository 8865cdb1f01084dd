"""`lodestone replay`: the log as NDJSON CloudEvents, byte-identical each time."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from application.replay import replay as read_again
from domain.registry import EVENT_TYPES
from infra import write_side
from infra.clock import SystemClock
from infra.kafka.cloudevents import encode
from interfaces.cli.errors import WrongUsage
from interfaces.cli.flags import DEFAULT_TIMEOUT_S, DataDir, Debug, MinPosition, Timeout
from interfaces.cli.moments import parse_time
from interfaces.cli.rendering import counted, harmless_json, note
from interfaces.cli.session import session
from interfaces.cli.waiting import wait_for_head
from projections.answers import TimeNotCome

First = Annotated[int, typer.Option("--from", metavar="POSITION", min=1, help="Begin here, included.")]
Last = Annotated[int | None, typer.Option("--to", metavar="POSITION", min=1, help="End here, included; waits for it.")]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="Leave out what was recorded later (ISO 8601; else Asia/Shanghai)."),
]
Types = Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Such as sale.recorded; repeatable.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write here, whole or not at all. Default: standard output")
]


def replay(  # noqa: PLR0913 - one parameter for each flag
    *,
    first: First = 1,
    last: Last = None,
    until: Until = None,
    types: Types = None,
    out: Out = None,
    min_position: MinPosition = 0,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """The events as NDJSON CloudEvents, in order of position, both ends included."""
    with session(data_dir, debug=debug) as settings:
        for name in types or ():
            if name not in EVENT_TYPES:
                raise WrongUsage(f"--type {name!r}: not one of {', '.join(sorted(EVENT_TYPES))}")
        if last is not None and first > last:
            raise WrongUsage(f"--from {first} lies after --to {last}")
        moment = _settled(until) if until is not None else None
        with write_side.event_log(settings) as log:
            # What ends beyond the head would end elsewhere the next time.
            wait_for_head(log, max(min_position, last or 0), timeout)
            events = read_again(log, first=first, last=last, until=moment, types=types or ())
            log_id = log.log_id()
            written = _write((encode(event, None, log_id) for event in events), out)
        note(counted(written, "event") + (f" in {out}" if out else ""))


def _settled(until: str) -> datetime:
    """Read a time that has come: what will be recorded by another is not settled."""
    moment = parse_time(until)
    if moment > SystemClock().now():
        raise TimeNotCome(f"--until {until} lies ahead; what will be recorded by then is not settled")
    return moment


def _write(lines: Iterable[bytes], out: Path | None) -> int:
    if out is None:
        shown = (harmless_json(line.decode()).encode() for line in lines) if sys.stdout.isatty() else lines
        written = _write_lines(shown, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return written
    with _whole_file(out) as file:
        return _write_lines(lines, file)


def _write_lines(lines: Iterable[bytes], file: BinaryIO) -> int:
    written = 0
    for written, line in enumerate(lines, start=1):  # noqa: B007 - the last number is the count
        file.write(line + b"\n")
    return written


@contextmanager
def _whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes its name only once it is complete; what is no plain file (a pipe) at once."""
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
