"""`lodestone import`: file what CSV files hold."""

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from application.importing import Importer
from domain.envelope import Actor
from domain.judging import EXPORTER
from infra import bootstrap
from interfaces.cli.errors import SOME_REFUSED, WrongUsage
from interfaces.cli.flags import AsJson, DataDir, Debug
from interfaces.cli.formats.csv_rows import open_csv
from interfaces.cli.formats.filing_files import ImportSummary, file_csv
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.rendering import note, print_json, print_line
from interfaces.cli.session import session

_SOURCE = EXPORTER

What = Annotated[
    str, typer.Argument(metavar="KIND|DIR", help=f"One of {', '.join(KINDS)}; or a folder with files named KIND.csv.")
]
File = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The CSV file (UTF-8), with KIND.")]
ActorName = Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who files. Default: the login name.")]
Role = Annotated[str, typer.Option("--role", metavar="ROLE", help="In which capacity.")]
Organisation = Annotated[str, typer.Option("--organisation", metavar="NAME", help="For whom.")]


def import_(  # noqa: PLR0913 - one parameter for each flag
    what: What,
    file: File = None,
    *,
    actor: ActorName = None,
    role: Role = "exporter",
    organisation: Organisation = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """File everything in a file or folder; run again it adds nothing, killed and run again it goes on."""
    with session(data_dir, debug=debug) as settings:
        work = _work(what, file)
        for path, kind in work:
            # A file that cannot be read is told of before anything is filed.
            open_csv(path, kind)
        who = Actor(actor or _login_name(), role, organisation)
        with bootstrap.importer(settings, who, _SOURCE) as (importer, log), _progress() as progress:
            summaries = [(path, _file(path, kind, importer, progress)) for path, kind in work]
            total = _total(summaries, log.head)
        _print(total, summaries, as_json=as_json)
        if total["refused"]:
            raise typer.Exit(SOME_REFUSED)


def _work(what: str, file: Path | None) -> list[tuple[Path, Kind]]:
    """Name the files to take, in the order in which they build on each other."""
    folder = Path(what)
    if file is not None:
        if what not in KINDS:
            raise WrongUsage(f"{what!r} is not a kind of filing; known: {', '.join(KINDS)}")
        return [(file, KINDS[what])]
    if not folder.is_dir():
        mend = "give a file with a kind" if what in KINDS else "there is no such folder"
        raise WrongUsage(f"{what!r}: {mend} (lodestone import KIND FILE, or lodestone import DIR)")
    work = [(folder / f"{name}.csv", kind) for name, kind in KINDS.items() if (folder / f"{name}.csv").exists()]
    taken = {path.name for path, _ in work}
    skipped = sorted(entry.name for entry in folder.iterdir() if entry.name not in taken)
    if skipped:
        note(f"skipped in {folder}: {', '.join(skipped)}")
    if not work:
        raise WrongUsage(f"{folder} holds none of {', '.join(f'{name}.csv' for name in KINDS)}")
    return work


def _file(path: Path, kind: Kind, importer: Importer, progress: Progress) -> ImportSummary:
    task = progress.add_task(path.name, total=None)
    summary = file_csv(path, kind, importer, lambda done, rows: progress.update(task, completed=done, total=rows))
    progress.update(task, completed=summary.rows, total=summary.rows)
    return summary


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user may have no name.
        return f"uid-{os.getuid()}"


def _total(summaries: list[tuple[Path, ImportSummary]], head: Any) -> dict[str, Any]:
    rejected = [str(summary.rejected_file) for _, summary in summaries if summary.rejected_file]
    position = max(summary.position for _, summary in summaries)
    total: dict[str, Any] = {
        name: sum(getattr(summary, name) for _, summary in summaries)
        for name in ("rows", "accepted", "refused", "already_filed")
    }
    total["position"] = position or head()
    total["rejected_file"] = rejected[0] if rejected else None
    if len(rejected) > 1:
        total["rejected_files"] = rejected
    return total


def _print(total: dict[str, Any], summaries: list[tuple[Path, ImportSummary]], *, as_json: bool) -> None:
    if as_json:
        print_json(total)
        return
    for path, summary in summaries:
        counts = f"{summary.accepted} accepted, {summary.refused} refused, {summary.already_filed} already filed"
        print_line(f"{path.name}: {summary.rows} rows; filings: {counts}")
        if summary.rejected_file:
            print_line(f"  refused rows, to be mended and filed again: {summary.rejected_file}")
    print_line(f"position {total['position']}")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(file=sys.stderr))
