"""One of the processes that file a large file: prepares a block, waits for its turn, and lets it take effect."""

import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from application.importing import Provenance
from infra import write_side
from infra.interpreter import suit_to_streams
from infra.settings import Settings
from interfaces.cli.errors import code_of
from interfaces.cli.formats.block_filing import BlockFiling, PreparedRows
from interfaces.cli.formats.kinds import KINDS
from interfaces.cli.formats.opening import open_filings
from interfaces.cli.formats.row_index import RowBlock


@dataclass(frozen=True, slots=True)
class OpenFile:
    """What follows is of this file."""

    path: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Prepare:
    """Read and decide a block; answered with ``PreparedBlock``."""

    block: RowBlock


@dataclass(frozen=True, slots=True)
class PreparedBlock:
    """The block in hand waits for its turn."""


@dataclass(frozen=True, slots=True)
class Complete:
    """Let the block in hand take effect; answered with its ``BlockResult``."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker ends because of this."""

    code: str
    message: str


def work(pipe: "Connection", settings: Settings, provenance: Provenance, inherited: Sequence["Connection"]) -> None:
    """Do what the pipe says until it is closed.

    Args:
        pipe: to the parent.
        settings: where to file.
        provenance: who files.
        inherited: ends of pipes that are the parent's alone.
    """
    for each in inherited:
        each.close()
    # The parent decides what an interrupt from the terminal means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    suit_to_streams()
    try:
        _serve(pipe, settings, provenance)
    except EOFError:
        return
    except Exception as error:  # noqa: BLE001 - told to the parent, who presents it
        with suppress(OSError):  # the parent may be gone, and then nobody needs to be told
            pipe.send(Failed(code_of(error), str(error)))


def _serve(pipe: "Connection", settings: Settings, provenance: Provenance) -> None:
    filing: BlockFiling | None = None
    rows: PreparedRows | None = None
    with write_side.bulk_importer(settings, provenance) as importer:
        while True:
            match pipe.recv():
                case OpenFile(path, kind):
                    filing = BlockFiling(open_filings(path, KINDS[kind]), KINDS[kind], importer)
                case Prepare(block) if filing is not None:
                    rows = filing.prepare(block)
                    pipe.send(PreparedBlock())
                case Complete() if filing is not None and rows is not None:
                    pipe.send(filing.complete(rows))
                    rows = None
