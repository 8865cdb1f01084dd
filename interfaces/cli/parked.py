"""`lodestone parked`: streams with an event that could not be applied."""

from typing import Annotated

import typer

from infra import bootstrap
from interfaces.cli.flags import AsJson, DataDir, Debug
from interfaces.cli.rendering import print_json, print_line, print_table
from interfaces.cli.session import session

_COLUMNS = ("unit", "stream", "position", "code", "message", "parked at", "retry asked")


def parked_list(*, as_json: AsJson = False, data_dir: DataDir = None, debug: Debug = False) -> None:
    """The events that were not applied, each with the reason; all later ones of its stream wait behind it."""
    with session(data_dir, debug=debug) as settings:
        with bootstrap.read_side(settings) as reading:
            found = reading.parked_list()
        rows = [
            {
                "unit": each.unit,
                "stream": each.stream,
                "position": each.position,
                "code": each.code,
                "message": each.message,
                "parked_at": each.parked_at.isoformat(),
                "retry_asked": each.retry_asked,
            }
            for each in found
        ]
        if as_json:
            print_json({"rows": rows})
        elif rows:
            print_table(_COLUMNS, (list(row.values()) for row in rows), right=["position"])
        else:
            print_line("nothing is parked")


def parked_retry(
    stream: Annotated[str, typer.Argument(metavar="STREAM", help="As `parked list` names it.")],
    *,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """Ask the consumers to try a parked stream again; they do it in their own transaction."""
    with session(data_dir, debug=debug) as settings:
        with bootstrap.parked_streams(settings) as streams:
            streams.ask_retry(stream)
        print_line(f"asked: {stream} is tried again by the consumers (see: lodestone parked list)")
