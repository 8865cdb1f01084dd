"""`lodestone import`: file what CSV and NDJSON files hold."""

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from application.importing import Provenance
from domain.envelope import Actor
from domain.judging import EXPORTER, Source
from infra import write_side
from interfaces.cli.errors import SOME_REFUSED, WrongUsage
from interfaces.cli.filing_workers import FilingWorkers, file_blocks, is_large
from interfaces.cli.flags import AsJson, DataDir, Debug
from interfaces.cli.formats import fields
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.errors import FieldError
from interfaces.cli.formats.filing_files import FilingDesk, file_rows
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.import_work import check_readable, files_to_take
from interfaces.cli.rendering import counted, print_json, print_line
from interfaces.cli.session import session

What = Annotated[
    str,
    typer.Argument(
        metavar="KIND|DIR", help=f"One of {', '.join(KINDS)}; or a folder with files named KIND.csv or KIND.ndjson."
    ),
]
File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="With KIND: a CSV file (UTF-8), or one named .ndjson or .jsonl.")
]
Check = Annotated[bool, typer.Option("--check", help="Say what would be refused, and file nothing.")]
SourceName = Annotated[
    Source,
    typer.Option(
        "--source", help="Who states it. What customs reports against a rule is recorded, with its violations."
    ),
]
ActorName = Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who files. Default: the login name.")]
Role = Annotated[str | None, typer.Option("--role", metavar="ROLE", help="In which capacity. Default: the source.")]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", min=1, help="Processes for a large file. Default: 2.")
]
Organisation = Annotated[str, typer.Option("--organisation", metavar="NAME", help="For whom.")]


def import_(  # noqa: PLR0913 - one parameter for each flag
    what: What,
    file: File = None,
    *,
    check: Check = False,
    source: SourceName = EXPORTER,
    actor: ActorName = None,
    role: Role = None,
    organisation: Organisation = "",
    workers: Workers = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """File everything in a file or folder; run again it adds nothing, killed and run again it goes on."""
    with session(data_dir, debug=debug) as settings:
        who = _actor(actor or _login_name(), role or source, organisation)
        work = files_to_take(what, file)
        check_readable(work)
        provenance = Provenance(who, source, uuid4())
        desk = write_side.checker(settings, source) if check else write_side.importer(settings, provenance)
        with FilingWorkers(settings, provenance, workers or settings.import_workers) as pool:
            if not check and any(is_large(path) for path, _ in work):
                pool.start()
            with desk as (filing_desk, log), _progress() as progress:
                summaries = [
                    (path, _file(path, kind, filing_desk, None if check else pool, progress)) for path, kind in work
                ]
                total = _total(summaries, log.head)
        _print(total, summaries, as_json=as_json)
        if total["refused"]:
            raise typer.Exit(SOME_REFUSED)


def _file(path: Path, kind: Kind, desk: FilingDesk, workers: FilingWorkers | None, progress: Progress) -> ImportSummary:
    task = progress.add_task(path.name, total=None)

    def show(done: int, rows: int) -> None:
        progress.update(task, completed=done, total=rows)

    if workers is not None and is_large(path):
        summary = file_blocks(path, kind, workers, show)
    else:
        summary = file_rows(path, kind, desk, show)
    progress.update(task, completed=summary.rows, total=summary.rows)
    return summary


def _actor(name: str, role: str, organisation: str) -> Actor:
    return Actor(_stated("--actor", name), _stated("--role", role), _stated("--organisation", organisation))


def _stated(flag: str, value: str) -> str:
    """Read a flag that every event will carry, by the rules of free text."""
    try:
        fields.check_characters(value)
        return fields.text(value)
    except FieldError as error:
        raise WrongUsage(f"{flag} {error.message}") from error


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
        print_line(f"{path.name}: {counted(summary.rows, 'row')}; filings: {counts}")
        if summary.rejected_file:
            print_line(f"  refused rows, to be mended and filed again: {summary.rejected_file}")
    print_line(f"position {total['position']}")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(file=sys.stderr))
