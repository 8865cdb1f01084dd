"""Names of read models on the command line, and the units that they belong to."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from interfaces.cli.errors import WrongUsage
from projections.catalogue import catalogue
from projections.ports import Projection

Views = Annotated[
    list[str] | None,
    typer.Argument(metavar="[VIEW...]", help="Read models, such as volumes or audit_history. Default: all"),
]


def units_of(views: Sequence[str] | None) -> tuple[str, ...]:
    """Give the units that hold these read models (a unit's own name means all of it), each once.

    Raises:
        WrongUsage: ``usage.wrong``, for a name that is no read model's.
    """
    units = catalogue()
    return tuple(dict.fromkeys(_unit_of(units, view) for view in views)) if views else tuple(units)


def _unit_of(units: Mapping[str, Projection], view: str) -> str:
    for name, projection in units.items():
        if view == name or view in projection.read_models:
            return name
    known = [name for unit, projection in units.items() for name in (unit, *projection.read_models)]
    raise WrongUsage(f"{view!r} is not a read model; known: {', '.join(dict.fromkeys(known))}")
