"""The filters that `volumes` and `explain` share, checked before anything is asked."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from domain.composition import ELEMENTS
from interfaces.cli.errors import WrongUsage
from interfaces.cli.moments import parse_day, parse_period, parse_position_or_time
from projections.volume_ledger.query import VolumeQuery

GROUPINGS: Final = ("client", "exporter", "element", "month", "destination", "party")
MEASURES: Final = ("sold", "cancelled", "shipped", "received", "returned")

Elements = Annotated[list[str] | None, typer.Option("--element", metavar="SYMBOL", help="Such as Dy; repeatable.")]
Clients = Annotated[
    list[str] | None, typer.Option("--client", metavar="STREAM", help="client/<uscc>/<ref>; repeatable.")
]
Exporters = Annotated[list[str] | None, typer.Option("--exporter", metavar="USCC", help="Repeatable.")]
Parties = Annotated[
    list[str] | None,
    typer.Option("--party", metavar="PARTY", help="lei:..., DE:HRB1234 or a client's stream; repeatable."),
]
Destinations = Annotated[
    list[str] | None, typer.Option("--destination", metavar="CC", help="ISO 3166-1 alpha-2; repeatable.")
]
FromMonth = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM", help="First month, included.")]
ToMonth = Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="Last month, included.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Business dates up to this day, with everything known now."),
]
AsKnownAt = Annotated[
    str | None,
    typer.Option(
        "--as-known-at",
        metavar="POSITION|TIME",
        help="What was known at a position, or at an ISO 8601 time (without an offset: Asia/Shanghai).",
    ),
]


def volume_query(  # noqa: PLR0913 - one parameter for each flag
    *,
    by: str,
    measures: Sequence[str] | None,
    elements: Sequence[str] | None,
    clients: Sequence[str] | None,
    exporters: Sequence[str] | None,
    parties: Sequence[str] | None,
    destinations: Sequence[str] | None,
    from_month: str | None,
    to_month: str | None,
    as_of: str | None,
    as_known_at: str | None,
) -> VolumeQuery:
    """Make a question of flags.

    Raises:
        WrongUsage: ``usage.wrong``.
    """
    first, last = parse_period(from_month, to_month)
    return VolumeQuery(
        by=_known("--by", _split(by), GROUPINGS),
        measures=_known("--measure", measures, MEASURES),
        elements=_known("--element", elements, sorted(ELEMENTS)),
        clients=tuple(clients or ()),
        exporters=tuple(exporters or ()),
        parties=tuple(parties or ()),
        destinations=tuple(destinations or ()),
        from_month=first,
        to_month=last,
        as_of=parse_day(as_of) if as_of is not None else None,
        as_known_at=parse_position_or_time(as_known_at) if as_known_at is not None else None,
    )


def _split(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(",")] if text else []


def _known(flag: str, values: Sequence[str] | None, allowed: Sequence[str]) -> tuple[str, ...]:
    for value in values or ():
        if value not in allowed:
            choice = ", ".join(allowed) if len(allowed) < len(ELEMENTS) else "symbols of the periodic table, such as Dy"
            raise WrongUsage(f"{flag} {value!r}: not one of {choice}")
    return tuple(dict.fromkeys(values or ()))
