"""Large files: several processes prepare blocks side by side, and the blocks take effect in the order of the file."""

import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import active_count
from types import TracebackType
from typing import Self, cast

from application.importing import Provenance
from infra.settings import Settings
from interfaces.cli.filing_worker import Complete, Failed, OpenFile, Prepare, PreparedBlock, work
from interfaces.cli.formats.block_filing import BlockResult
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.errors import FileUnreadable
from interfaces.cli.formats.filing_files import Progress
from interfaces.cli.formats.grouping import CHANGED
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.opening import open_filings
from interfaces.cli.formats.row_index import RowBlock, RowIndex

_BLOCK_ROWS = 4096
_BLOCK_BYTES = 4 * 1024 * 1024
# Below this a process would take longer to start than the rows to be filed.
_LARGE_BYTES = 2 * 1024 * 1024
_STOP_WITHIN_S = 30.0


class WorkerFailed(Exception):
    """What went wrong in a worker, under its own code; ``import.worker_lost`` where it ended without a word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, eq=False)
class Worker:
    """A process and the pipe to it. Raises ``WorkerFailed`` for one that failed or has ended."""

    process: BaseProcess
    pipe: "Connection"

    def send(self, message: object) -> None:
        """Tell it something."""
        try:
            self.pipe.send(message)
        except OSError:
            # It has ended. What it said before tells why, and after that the pipe's end does.
            while True:
                self.receive()

    def receive(self) -> object:
        """Wait for what it says."""
        try:
            found = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerFailed("import.worker_lost", "a worker process has ended; run the import again") from error
        if isinstance(found, Failed):
            raise WorkerFailed(found.code, found.message)
        return found


class FilingWorkers:
    """Processes that are started at the latest when the first large file comes, and end with this object.

    Args:
        settings: where to file.
        provenance: who files.
        count: how many processes.
    """

    def __init__(self, settings: Settings, provenance: Provenance, count: int) -> None:
        self._settings = settings
        self._provenance = provenance
        self._count = count
        self._workers: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            # A worker whose pipe is closed ends after what it has in hand.
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(_STOP_WITHIN_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def start(self) -> None:
        """Start the processes, if they have not been; they are ready some time later.

        Before there are threads and connections they share what this process has imported: that saves each of them
        most of a second.
        """
        forked = sys.platform == "linux" and active_count() == 1
        context = get_context("fork") if forked else get_context("spawn")
        while len(self._workers) < self._count:
            ours, theirs = context.Pipe()
            # A fork has our ends of the pipes, too; as long as it kept them, no worker would see this process end.
            inherited = [ours, *(worker.pipe for worker in self._workers)] if forked else []
            arguments = (theirs, self._settings, self._provenance, inherited)
            process = context.Process(target=work, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self._workers.append(Worker(process, ours))

    def file(self, path: Path, kind: Kind, blocks: Iterator[RowBlock]) -> Iterator[BlockResult]:
        """File blocks; their results come in the order of the blocks.

        Raises:
            WorkerFailed: what kept a worker from filing, under its own code.
        """
        self.start()
        for worker in self._workers:
            worker.send(OpenFile(path, kind.name))
        idle, order, prepared = deque(self._workers), deque[Worker](), set[Worker]()
        while True:
            while idle and (block := next(blocks, None)) is not None:
                idle[0].send(Prepare(block))
                order.append(idle.popleft())
            if not order:
                return
            for worker in _with_news(order):
                found = worker.receive()
                if isinstance(found, PreparedBlock):
                    prepared.add(worker)
                else:
                    order.popleft()
                    idle.append(worker)
                    yield cast("BlockResult", found)
            if order and order[0] in prepared:
                prepared.remove(order[0])
                order[0].send(Complete())


def is_large(path: Path) -> bool:
    """Tell whether a file is worth several processes."""
    return path.stat().st_size >= _LARGE_BYTES


def file_blocks(path: Path, kind: Kind, workers: FilingWorkers, progress: Progress) -> ImportSummary:
    """File everything in a large file, as ``file_rows`` does.

    Raises:
        FileUnreadable: nothing was filed; only with ``file.changed`` some of it may be.
        WorkerFailed: run it again.
    """
    workers.start()
    file = open_filings(path, kind)
    size = path.stat().st_size
    index = RowIndex.of(file, kind, size)
    summary = ImportSummary(rows=index.rows)
    done = 0
    with file.rejects() as rejects:
        for result in workers.file(path, kind, index.blocks(_BLOCK_ROWS, _BLOCK_BYTES)):
            summary.add(result.summary)
            for text in result.rejected:
                rejects.write_text(text)
            done += result.summary.rows
            progress(done, index.rows)
        if path.stat().st_size != size:
            raise FileUnreadable("file.changed", CHANGED)
        summary.rejected_file = rejects.written
    return summary


def _with_news(workers: "deque[Worker]") -> list[Worker]:
    """Wait for messages; those who have one, in the order of their blocks."""
    ready = set(wait([worker.pipe for worker in workers]))
    return [worker for worker in list(workers) if worker.pipe in ready]
