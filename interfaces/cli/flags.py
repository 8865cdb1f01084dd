"""Flags that several commands share; each stands after the command."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Where `lodestone up` keeps its data and says what runs. Default: LODESTONE_DATA_DIR, else ./.lodestone",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Log in detail, and show the traceback of an error.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on standard output.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV (RFC 4180); take it into a spreadsheet as text.")]
MinPosition = Annotated[
    int,
    typer.Option("--min-position", metavar="N", min=0, help="Wait until the answer's position has reached N."),
]
Timeout = Annotated[
    float,
    typer.Option("--timeout", metavar="SECONDS", min=0, help="How long to wait at most; then exit 4."),
]
DEFAULT_TIMEOUT_S = 30.0
