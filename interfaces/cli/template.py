"""`lodestone template`: the header of a kind of filing, and one row that is right."""

import csv
import json
import sys
from typing import Annotated

import typer

from interfaces.cli.errors import WrongUsage
from interfaces.cli.flags import Debug
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.session import session

KindName = Annotated[str, typer.Argument(metavar="KIND", help=f"One of {', '.join(KINDS)}.")]
Ndjson = Annotated[bool, typer.Option("--ndjson", help="As one JSON object a line.")]


def template(kind: KindName, *, ndjson: Ndjson = False, debug: Debug = False) -> None:
    """Print a file of one kind to begin with: its columns, and one valid row."""
    with session(None, debug=debug):
        if kind not in KINDS:
            raise WrongUsage(f"{kind!r} is not a kind of filing; known: {', '.join(KINDS)}")
        columns = KINDS[kind].columns
        if ndjson:
            sys.stdout.write(json.dumps({each.name: each.example for each in columns}, ensure_ascii=False) + "\n")
        else:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow([each.name for each in columns])
            writer.writerow([each.example for each in columns])
