"""`lodestone volumes`: exact figures, one row for each group and measure."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from domain.mass import format_kg_from_ng
from infra import bootstrap
from interfaces.cli.csv_output import print_csv, refuse_both
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
from projections.answers import Wait
from projections.volume_ledger.query import VolumeRow

By = Annotated[
    str,
    typer.Option("--by", metavar="KEYS", help="Of client, element, exporter, month, destination, party; by commas."),
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="MEASURE", help="sold, cancelled, shipped, received or returned; repeatable."),
]


def volumes(  # noqa: PLR0913 - one parameter for each flag
    *,
    by: By = "",
    measure: Measures = None,
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
    """Exact volumes: of each element asked for, else the net mass of the magnets."""
    with session(data_dir, debug=debug) as settings:
        refuse_both(as_csv=as_csv, as_json=as_json)
        query = volume_query(
            by=by,
            measures=measure,
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
            answer = reading.volumes(query, Wait(min_position, timeout))
        rows = [_row(query.by, each) for each in answer.result]
        if as_json:
            print_json({"position": answer.position, "rows": rows, "incomplete": list(answer.incomplete)})
        elif as_csv:
            print_csv([*query.by, "measure", "ng", "kg"], rows)
            note_incomplete(answer.incomplete)
        else:
            print_table([*query.by, "measure", "kg"], [_cells(query.by, row) for row in rows], right=["kg"])
            note(f"position {answer.position}, {counted(len(rows), 'row')}")
            note_incomplete(answer.incomplete)


def _row(by: Sequence[str], row: VolumeRow) -> dict[str, Any]:
    keys = dict(zip(by, row.keys, strict=True))
    return {**keys, "measure": row.measure, "ng": str(row.ng), "kg": format_kg_from_ng(row.ng)}


def _cells(by: Sequence[str], row: dict[str, Any]) -> list[Any]:
    return [row[key] for key in by] + [row["measure"], row["kg"]]
