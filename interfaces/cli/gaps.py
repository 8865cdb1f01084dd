"""`lodestone gaps`: the three-way match of what was sold, shipped and received."""

from typing import Annotated, Any

import typer

from domain.calendar import business_day_of
from infra import bootstrap
from infra.clock import SystemClock
from interfaces.cli.csv_output import print_csv, refuse_both
from interfaces.cli.flags import DEFAULT_TIMEOUT_S, AsCsv, AsJson, DataDir, Debug, MinPosition, Timeout
from interfaces.cli.rendering import counted, note, note_incomplete, print_json, print_table
from interfaces.cli.session import session
from interfaces.cli.volume_filters import Clients, Exporters
from projections.answers import Wait
from projections.trade_trail.query import Gap, GapQuery

# Some thousand years, and within what a database counts days with.
_MOST_DAYS = 999_999

OlderThan = Annotated[
    int | None,
    typer.Option("--older-than", metavar="DAYS", min=0, max=_MOST_DAYS, help="Only what is older than this many days."),
]
_COLUMNS = ("stream", "kind", "kg", "days", "reason")


def gaps(  # noqa: PLR0913 - one parameter for each flag
    *,
    exporter: Exporters = None,
    client: Clients = None,
    older_than: OlderThan = None,
    min_position: MinPosition = 0,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """Sold but not shipped, shipped but not received, received with a difference: kilograms, age and reason."""
    with session(data_dir, debug=debug) as settings:
        refuse_both(as_csv=as_csv, as_json=as_json)
        query = GapQuery(
            today=business_day_of(SystemClock().now()),
            exporters=tuple(exporter or ()),
            clients=tuple(client or ()),
            older_than_days=older_than,
        )
        with bootstrap.read_side(settings) as reading:
            answer = reading.gaps(query, Wait(min_position, timeout))
        rows = [_row(each) for each in answer.result]
        if as_json:
            print_json({"position": answer.position, "rows": rows, "incomplete": list(answer.incomplete)})
        elif as_csv:
            print_csv(_COLUMNS, rows)
            note_incomplete(answer.incomplete)
        else:
            print_table(_COLUMNS, [list(row.values()) for row in rows], right=["kg", "days"])
            note(f"position {answer.position}, {counted(len(rows), 'gap')}")
            note_incomplete(answer.incomplete)


def _row(gap: Gap) -> dict[str, Any]:
    return {"stream": gap.stream, "kind": gap.kind, "kg": gap.kg, "days": gap.days, "reason": gap.reason}
