"""`lodestone trail`: who sold what to whom."""

from typing import Annotated, Any

import typer

from infra import bootstrap
from interfaces.cli.flags import DEFAULT_TIMEOUT_S, AsJson, DataDir, Debug, MinPosition, Timeout
from interfaces.cli.moments import parse_period, parse_position_or_time
from interfaces.cli.rendering import counted, note, note_incomplete, print_json, print_table
from interfaces.cli.session import session
from interfaces.cli.volume_filters import AsKnownAt, FromMonth, ToMonth
from projections.answers import Answer, Wait
from projections.trade_trail.query import Trail, TrailQuery

Subject = Annotated[
    str,
    typer.Argument(
        metavar="STREAM|PARTY",
        help="exporter/..., client/..., sale/... or shipment/... to start from; or a party: lei:..., DE:HRB1234.",
    ),
]


def trail(  # noqa: PLR0913 - one parameter for each flag
    subject: Subject,
    *,
    from_month: FromMonth = None,
    to_month: ToMonth = None,
    as_known_at: AsKnownAt = None,
    min_position: MinPosition = 0,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """Who sold what to whom, with kilograms on each step, and what is not explained."""
    with session(data_dir, debug=debug) as settings:
        moment = parse_position_or_time(as_known_at) if as_known_at is not None else None
        first, last = parse_period(from_month, to_month)
        query = TrailQuery(subject, from_month=first, to_month=last, as_known_at=moment)
        with bootstrap.read_side(settings) as reading:
            answer = reading.trail(query, Wait(min_position, timeout))
        if as_json:
            print_json(_as_json(answer))
        else:
            _print_as_tables(answer)


def _as_json(answer: Answer[Trail]) -> dict[str, Any]:
    found = answer.result
    return {
        "position": answer.position,
        "nodes": [{"stream": node.stream, "label": node.label} for node in found.nodes],
        "edges": [
            {
                "from": edge.source,
                "to": edge.target,
                "kind": edge.kind,
                "kg": edge.kg,
                "positions": list(edge.positions),
            }
            for edge in found.edges
        ],
        "unexplained": [{"stream": gap.stream, "kind": gap.kind, "kg": gap.kg} for gap in found.unexplained],
        "incomplete": list(answer.incomplete),
    }


def _print_as_tables(answer: Answer[Trail]) -> None:
    shown = _as_json(answer)
    labels = {node["stream"]: node["label"] for node in shown["nodes"]}
    print_table(("stream", "label"), labels.items(), title=counted(len(labels), "party or paper", "parties and papers"))
    edges = [
        (edge["from"], edge["kind"], edge["to"], edge["kg"], ", ".join(map(str, edge["positions"])))
        for edge in shown["edges"]
    ]
    print_table(("from", "step", "to", "kg", "positions"), edges, right=["kg"], title=counted(len(edges), "step"))
    gaps = [(gap["stream"], gap["kind"], gap["kg"]) for gap in shown["unexplained"]]
    if gaps:
        print_table(("stream", "not explained", "kg"), gaps, right=["kg"], title=f"{len(gaps)} not explained")
    note(f"position {answer.position}")
    note_incomplete(answer.incomplete)
