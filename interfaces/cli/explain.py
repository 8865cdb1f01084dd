"""`lodestone explain`: the ledger entries behind one figure; they sum exactly to it."""

from typing import Annotated, Any

import typer

from domain.mass import format_kg_from_ng
from infra import bootstrap
from interfaces.cli.csv_output import print_csv, refuse_both
from interfaces.cli.errors import WrongUsage
from interfaces.cli.flags import DEFAULT_TIMEOUT_S, AsCsv, AsJson, DataDir, Debug, MinPosition, Timeout
from interfaces.cli.rendering import counted, note, note_incomplete, print_json, print_table
from interfaces.cli.session import session
from interfaces.cli.volume_filters import (
    AsKnownAt,
    AsOf,
    Clients,
    Destinations,
    Elements,
    Exporters,
    FromMonth,
    Parties,
    ToMonth,
    volume_query,
)
from projections.answers import Answer, Wait
from projections.volume_ledger.query import Explanation

Measure = Annotated[
    str, typer.Option("--measure", metavar="MEASURE", help="sold, cancelled, shipped, received or returned.")
]
_FIELDS = ("position", "stream", "type", "business_date", "recorded_at", "ng")


def explain(  # noqa: PLR0913 - one parameter for each flag
    *,
    measure: Measure = "sold",
    element: Elements = None,
    client: Clients = None,
    exporter: Exporters = None,
    party: Parties = None,
    destination: Destinations = None,
    from_month: FromMonth = None,
    to_month: ToMonth = None,
    as_of: AsOf = None,
    as_known_at: AsKnownAt = None,
    min_position: MinPosition = 0,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """Why one figure of one measure is what it is: its ledger entries, which sum exactly to it."""
    with session(data_dir, debug=debug) as settings:
        refuse_both(as_csv=as_csv, as_json=as_json)
        if len(element or ()) > 1:
            raise WrongUsage("one figure has one --element; elements are never added up with each other")
        query = volume_query(
            by="",
            measures=[measure],
            elements=element,
            clients=client,
            exporters=exporter,
            parties=party,
            destinations=destination,
            from_month=from_month,
            to_month=to_month,
            as_of=as_of,
            as_known_at=as_known_at,
        )
        with bootstrap.read_side(settings) as reading:
            answer = reading.explain(query, Wait(min_position, timeout))
        if as_json:
            _print_as_json(answer)
        elif as_csv:
            print_csv(_FIELDS, _rows(answer))
            note_incomplete(answer.incomplete)
        else:
            _print_as_table(answer, measure)


def _rows(answer: Answer[Explanation]) -> list[dict[str, Any]]:
    return [
        {
            "position": row.position,
            "stream": row.stream,
            "type": row.type,
            "business_date": row.business_date.isoformat(),
            "recorded_at": row.recorded_at.isoformat(),
            "ng": str(row.ng),
        }
        for row in answer.result.rows
    ]


def _print_as_json(answer: Answer[Explanation]) -> None:
    figure = {"ng": str(answer.result.ng), "kg": format_kg_from_ng(answer.result.ng)}
    print_json({"position": answer.position, **figure, "rows": _rows(answer), "incomplete": list(answer.incomplete)})


def _print_as_table(answer: Answer[Explanation], measure: str) -> None:
    rows = [
        (
            row.position,
            row.stream,
            row.type,
            row.business_date.isoformat(),
            row.recorded_at.isoformat(timespec="seconds"),
            format_kg_from_ng(row.ng),
        )
        for row in answer.result.rows
    ]
    figure = format_kg_from_ng(answer.result.ng)
    total = ("", counted(len(rows), "entry", "entries"), "", "", measure, figure)
    columns = ("position", "stream", "type", "business date", "recorded at", "kg")
    print_table(columns, [*rows, total], right=["position", "kg"])
    note(f"position {answer.position}: {figure} kg {measure}")
    note_incomplete(answer.incomplete)
