"""`lodestone rebuild`: fill read models anew from the store, check them, swap."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra import bootstrap
from interfaces.cli.flags import AsJson, DataDir, Debug
from interfaces.cli.rendering import counted, print_json, print_line
from interfaces.cli.session import session
from interfaces.cli.views import Views, units_of


def rebuild(views: Views = None, *, as_json: AsJson = False, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Fill read models beside the old ones from the store, check them against SQL totals, and swap."""
    with session(data_dir, debug=debug) as settings:
        units = units_of(views)
        with bootstrap.rebuilder(settings) as rebuilder, _progress() as progress:
            tasks = {unit: progress.add_task(unit, total=None) for unit in units}

            def on_progress(unit: str, done: int, total: int) -> None:
                progress.update(tasks[unit], completed=done, total=total)

            checked = rebuilder.rebuild(units, on_progress)
        if as_json:
            print_json({"read_models": [{"name": name, "events": events, "checked": True} for name, events in checked]})
        else:
            for name, events in checked:
                print_line(f"{name}: rebuilt and checked with {counted(events, 'event')}")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(file=sys.stderr))
