"""Which files an import takes, and in which order."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from interfaces.cli.errors import WrongUsage
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.formats.opening import SUFFIXES, open_filings
from interfaces.cli.rendering import note


def files_to_take(what: str, file: Path | None) -> list[tuple[Path, Kind]]:
    """Name the files to take, in the order in which they build on each other.

    Raises:
        WrongUsage: ``usage.wrong``.
    """
    if file is not None:
        if what not in KINDS:
            raise WrongUsage(f"{what!r} is not a kind of filing; known: {', '.join(KINDS)}")
        return [(file, KINDS[what])]
    folder = Path(what)
    if not folder.is_dir():
        mend = "give a file with a kind" if what in KINDS else "there is no such folder"
        raise WrongUsage(f"{what!r}: {mend} (lodestone import KIND FILE, or lodestone import DIR)")
    return _files_in(folder)


def check_readable(work: Sequence[tuple[Path, Kind]]) -> None:
    """Refuse work that cannot be done: of several files each is read to its end before anything is filed.

    Raises:
        FileUnreadable: a file cannot be read.
    """
    for path, kind in work:
        file = open_filings(path, kind)
        if len(work) > 1:
            # One file alone is read to its end anyway before anything of it is filed.
            deque(file.rows(), maxlen=0)


def _files_in(folder: Path) -> list[tuple[Path, Kind]]:
    named = [(folder / f"{name}{suffix}", kind) for name, kind in KINDS.items() for suffix in SUFFIXES]
    work = [(path, kind) for path, kind in named if path.exists()]
    taken = {path.name for path, _ in work}
    skipped = sorted(entry.name for entry in folder.iterdir() if entry.name not in taken)
    if skipped:
        note(f"skipped in {folder}: {', '.join(skipped)}")
    if not work:
        raise WrongUsage(f"{folder} holds no KIND.csv and no KIND.ndjson; kinds are {', '.join(KINDS)}")
    return work
