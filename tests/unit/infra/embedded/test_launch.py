"""How a child leaves root: it is somebody else, and what root may read stays open to it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to leave root: run as root to see this")

_BY_ITSELF = "launch.leave_root()"
_BY_CAPABILITY = "launch.keep_reach_as(launch._an_ordinary_account())"
_WITHOUT_NAMESPACES = "launch._enter_namespace = lambda account: False; launch.leave_root()"


def _left_root(way: str, *command: str) -> str:
    code = f"import os, sys; from infra.embedded import launch; {way}; os.execv(sys.argv[1], sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@as_root
@pytest.mark.parametrize("way", [_BY_ITSELF, _BY_CAPABILITY, _WITHOUT_NAMESPACES])
def test_a_child_of_root_is_an_account_that_the_machine_knows(way: str) -> None:
    """PostgreSQL refuses root, and initdb an account without a name; user namespaces are not everywhere."""
    assert _left_root(way, "/usr/bin/env", "id", "-un") != "root"


@as_root
@pytest.mark.parametrize("way", [_BY_ITSELF, _BY_CAPABILITY])
def test_a_folder_that_only_root_may_enter_stays_open(tmp_path: Path, way: str) -> None:
    """A clone may lie in root's own home."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_text("read", encoding="ascii")
    (closed / "file").chmod(0o600)
    assert _left_root(way, "/usr/bin/env", "cat", str(closed / "file")) == "read"


@as_root
def test_a_cluster_is_made_and_served_without_namespaces(tmp_path: Path) -> None:
    """What most containers allow is enough for initdb and the server."""
    code = (
        "import os, sys; from pathlib import Path; from infra.embedded import postgres;"
        "postgres._INITDB = postgres._INITDB.replace('import leave_root',"
        " 'import _an_ordinary_account, keep_reach_as')"
        ".replace('leave_root()', 'keep_reach_as(_an_ordinary_account())');"
        "made = postgres.EmbeddedPostgres.in_folder(Path(sys.argv[1]), os.environ);"
        "made._make_cluster(); print((Path(sys.argv[1]) / 'postgres').stat().st_uid)"
    )
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    made = subprocess.run(
        [sys.executable, "-c", code, str(closed)], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert made != "0"
    server = _binary()
    said = _left_root(_BY_CAPABILITY, server, "-D", str(closed / "postgres"), "-C", "data_directory")
    assert said == str(closed / "postgres")


def _binary() -> str:
    code = "from infra.embedded.postgres import _binary; print(_binary('postgres'))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
