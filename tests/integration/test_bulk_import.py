"""A large file filed by several processes: the same answers, through kills and lost workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import active_children
from pathlib import Path
from threading import Event
from uuid import UUID

import psutil
import pytest

from application.importing import Importer, Provenance
from domain.envelope import Actor
from infra.clock import SystemClock, UuidV7Ids
from infra.postgres.event_log import PostgresEventLog
from infra.settings import KafkaSettings, Settings
from interfaces.cli.filing_workers import FilingWorkers, WorkerFailed, file_blocks, is_large
from interfaces.cli.formats.counting import ImportSummary
from interfaces.cli.formats.filing_files import Progress, file_rows
from interfaces.cli.formats.kinds import KINDS
from interfaces.generator import mistakes
from interfaces.generator.files import write
from interfaces.generator.rows import generated
from tests.support.services import Cluster, Database

ME = Provenance(Actor("li.wei", "exporter", ""), "exporter", UUID(int=7))
PARTIES = ("exporters", "grades", "clients")
LARGE = 25_000


@dataclass(frozen=True)
class Trade:
    """A folder of filings and how many sales are in it."""

    folder: Path

    def path(self, kind: str) -> Path:
        """Give the file of a kind."""
        return self.folder / f"{kind}.csv"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Trade:
    """Sales enough for several processes."""
    folder = tmp_path_factory.mktemp("large")
    filings = generated(LARGE, 5)
    write(folder, {kind: filings[kind] for kind in (*PARTIES, "sales")}, None)
    assert is_large(folder / "sales.csv")
    return Trade(folder)


def _settings(database: Database) -> Settings:
    return Settings(Path("none"), None, {"writer": database.writer_url}, KafkaSettings())


def _one_by_one(log: PostgresEventLog, trade: Trade, kind: str) -> ImportSummary:
    importer = Importer(log, SystemClock(), UuidV7Ids(SystemClock()), ME)
    return file_rows(trade.path(kind), KINDS[kind], importer, lambda _done, _rows: None)


def _rejects(trade: Trade, kind: str) -> str:
    path = trade.folder / f"{kind}.csv.rejected.csv"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _facts(log: PostgresEventLog) -> list[tuple[str, int, bytes]]:
    return sorted((event.stream, event.version, event.data) for event in log.read(0, 1_000_000))


@pytest.fixture
def other_database(cluster: Cluster) -> Iterator[Database]:
    """A second database of the test's own."""
    with cluster.database() as made:
        yield made


def test_several_processes_answer_as_one(database: Database, other_database: Database, tmp_path: Path) -> None:
    """For every kind of file, with planted mistakes: counts, rejects and events, and the progress adds up."""
    filings = generated(400, 9)
    write(tmp_path, filings, mistakes.plant(filings, 9))
    trade = Trade(tmp_path)
    with ExitStack() as opened:
        alone = opened.enter_context(PostgresEventLog.connect(other_database.writer_url))
        log = opened.enter_context(PostgresEventLog.connect(database.writer_url))
        workers = opened.enter_context(FilingWorkers(_settings(database), ME, 2))
        for name, kind in KINDS.items():
            expected = _one_by_one(alone, trade, name)
            rejects, seen = _rejects(trade, name), [0]
            found = file_blocks(trade.path(name), kind, workers, _noting(seen))
            assert (found.rows, found.accepted, found.refused, found.already_filed) == (
                expected.rows,
                expected.accepted,
                expected.refused,
                expected.already_filed,
            )
            assert _rejects(trade, name) == rejects
            assert (seen == sorted(seen), seen[-1]) == (True, found.rows)
        assert _facts(log) == _facts(alone)


def test_a_killed_import_goes_on_without_a_duplicate(database: Database, large: Trade) -> None:
    """The command itself, killed twice in the middle; the last run says what was there and what was added."""
    with PostgresEventLog.connect(database.writer_url) as log:
        for kind in PARTIES:
            assert _one_by_one(log, large, kind).refused == 0
        before = log.head()
        for _ in range(2):
            _kill_once(_command(database, large), log, log.head())
        filed = log.head() - before
        assert 0 < filed < LARGE
        done = _command(database, large).communicate()[0]
        assert f"{LARGE - filed} accepted, 0 refused, {filed} already filed" in done
        assert log.head() - before == LARGE


def test_a_lost_worker_ends_the_import_with_a_code(database: Database, large: Trade) -> None:
    """Run again, the rest goes in."""
    with PostgresEventLog.connect(database.writer_url) as log:
        for kind in PARTIES:
            _one_by_one(log, large, kind)
        before = log.head()

        def kill_a_worker(_done: int, _rows: int) -> None:
            active_children()[-1].kill()

        with FilingWorkers(_settings(database), ME, 2) as workers, pytest.raises(WorkerFailed) as lost:
            file_blocks(large.path("sales"), KINDS["sales"], workers, kill_a_worker)
        assert lost.value.code == "import.worker_lost"
        with FilingWorkers(_settings(database), ME, 2) as workers:
            file_blocks(large.path("sales"), KINDS["sales"], workers, lambda _done, _rows: None)
        assert log.head() - before == LARGE


def _noting(seen: list[int]) -> Progress:
    return lambda done, _rows: seen.append(done)


def _command(database: Database, trade: Trade) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "interfaces.cli.main", "import", "sales", str(trade.path("sales"))],
        env={**os.environ, "LODESTONE_WRITER_DATABASE_URL": database.writer_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _kill_once(running: "subprocess.Popen[str]", log: PostgresEventLog, head: int) -> None:
    pause = Event()
    while log.head() <= head and running.poll() is None:
        pause.wait(0.005)
    workers = psutil.Process(running.pid).children()
    running.kill()
    running.communicate()
    assert len(workers) == 2
    _, left = psutil.wait_procs(workers, timeout=60)
    assert not left, "a worker outlives the import"
