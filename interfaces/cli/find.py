"""`lodestone find`: streams by a part of their key, name or number."""

from typing import Annotated

import typer

from infra import bootstrap
from interfaces.cli.csv_output import print_csv, refuse_both
from interfaces.cli.errors import WrongUsage
from interfaces.cli.flags import DEFAULT_TIMEOUT_S, AsCsv, AsJson, DataDir, Debug, MinPosition, Timeout
from interfaces.cli.rendering import counted, note, note_incomplete, print_json, print_table
from interfaces.cli.session import session
from projections.answers import Wait

_KINDS = ("exporter", "client", "grade", "sale", "shipment")
_COLUMNS = ("stream", "label", "matched")

Text = Annotated[str, typer.Argument(metavar="TEXT", help="Taken literally, whatever its case.")]
Kind = Annotated[str | None, typer.Option("--kind", metavar="KIND", help=f"Only these: {', '.join(_KINDS)}.")]


def find(  # noqa: PLR0913 - one parameter for each flag
    text: Text,
    *,
    kind: Kind = None,
    min_position: MinPosition = 0,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """Streams whose key, name, LEI, registry, licence or container number contains TEXT, now or formerly."""
    with session(data_dir, debug=debug) as settings:
        refuse_both(as_csv=as_csv, as_json=as_json)
        _refuse_unaskable(text, kind)
        with bootstrap.read_side(settings) as reading:
            answer = reading.find(text, kind, Wait(min_position, timeout))
        rows = [{"stream": each.stream, "label": each.label, "matched": each.matched} for each in answer.result]
        if as_json:
            print_json({"position": answer.position, "rows": rows, "incomplete": list(answer.incomplete)})
        elif as_csv:
            print_csv(_COLUMNS, rows)
            note_incomplete(answer.incomplete)
        else:
            print_table(_COLUMNS, [list(row.values()) for row in rows])
            note(f"position {answer.position}, {counted(len(rows), 'stream')}")
            note_incomplete(answer.incomplete)


def _refuse_unaskable(text: str, kind: str | None) -> None:
    if not text:
        raise WrongUsage("TEXT is empty")
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise WrongUsage("TEXT is not UTF-8")
    if kind is not None and kind not in _KINDS:
        raise WrongUsage(f"--kind {kind!r}: not one of {', '.join(_KINDS)}")
