"""`lodestone consume`: fold what is published into read models, in a process of its own."""

from typing import Annotated

import typer

from infra import bootstrap
from infra.interpreter import suit_to_streams
from interfaces.cli.flags import DataDir, Debug
from interfaces.cli.session import session
from interfaces.cli.stopping import stopped_by_signal
from interfaces.cli.views import Views, units_of

Member = Annotated[
    str | None,
    typer.Option("--member", metavar="NAME", help="Name of this process in its group; a restart keeps its share."),
]


def consume(views: Views = None, *, member: Member = None, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Fold published events into read models until stopped; more processes share the partitions."""
    with session(data_dir, debug=debug) as settings, stopped_by_signal() as stop:
        units = units_of(views)
        suit_to_streams()
        with bootstrap.consumer(settings, units, member) as running:
            running.run(stop)
