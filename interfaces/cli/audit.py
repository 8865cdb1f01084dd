"""`lodestone audit`: the full history of one stream, oldest first."""

from typing import Annotated, Any

import typer

from infra import bootstrap
from interfaces.cli.csv_output import print_csv, refuse_both
from interfaces.cli.flags import DEFAULT_TIMEOUT_S, AsCsv, AsJson, DataDir, Debug, MinPosition, Timeout
from interfaces.cli.rendering import counted, note, note_incomplete, print_json, print_table
from interfaces.cli.session import session
from projections.answers import Wait
from projections.audit_history.query import AuditRow

Subject = Annotated[
    str,
    typer.Argument(
        metavar="STREAM|PARTY",
        help="exporter/..., client/..., grade/..., sale/... or shipment/...; or a party: lei:..., DE:HRB1234.",
    ),
]
_COLUMNS = ("position", "stream", "version", "type", "occurred at", "recorded at", "actor", "summary", "violations")

_FIELDS = tuple(column.replace(" ", "_") for column in _COLUMNS)


def audit(  # noqa: PLR0913 - one parameter for each flag
    subject: Subject,
    *,
    min_position: MinPosition = 0,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """What happened, when, by whom; for an exporter, client or party also what touched it in other streams."""
    with session(data_dir, debug=debug) as settings:
        refuse_both(as_csv=as_csv, as_json=as_json)
        with bootstrap.read_side(settings) as reading:
            answer = reading.audit(subject, Wait(min_position, timeout))
        rows = [_row(each) for each in answer.result]
        if as_json:
            print_json({"position": answer.position, "rows": rows, "incomplete": list(answer.incomplete)})
        elif as_csv:
            print_csv(_FIELDS, rows)
            note_incomplete(answer.incomplete)
        else:
            print_table(_COLUMNS, [_cells(each) for each in answer.result], right=["position", "version"])
            note(f"position {answer.position}, {counted(len(rows), 'event')}")
            note_incomplete(answer.incomplete)


def _cells(row: AuditRow) -> list[object]:
    times = {name: getattr(row, name).isoformat(timespec="seconds") for name in ("occurred_at", "recorded_at")}
    return list({**_row(row), **times, "violations": ", ".join(row.violations)}.values())


def _row(row: AuditRow) -> dict[str, Any]:
    return {
        "position": row.position,
        "stream": row.stream,
        "version": row.version,
        "type": row.type,
        "occurred_at": row.occurred_at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "actor": row.actor,
        "summary": row.summary,
        "violations": list(row.violations),
    }
