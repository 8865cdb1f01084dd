"""`lodestone migrate`: tables, roles and topics."""

from typing import Annotated

import typer

from infra import bootstrap
from interfaces.cli.flags import DataDir, Debug
from interfaces.cli.rendering import note, print_line
from interfaces.cli.session import session

Restored = Annotated[
    bool,
    typer.Option("--restored", help="The database came from a backup: give its log a new identity."),
]


def migrate(*, restored: Restored = False, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Bring the database's tables and roles and the broker's topics up to date; safe to run again."""
    with session(data_dir, debug=debug) as settings:
        report = bootstrap.migrate(settings, restored=restored)
        for name in report.applied:
            print_line(f"applied {name}")
        print_line(f"log {report.log_id}")
        if restored:
            note("the log has a new identity: set LODESTONE_TOPIC_PREFIX to a new value before relay and consumers run")
