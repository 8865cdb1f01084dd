"""`lodestone demo` shows the whole job and leaves nothing running."""

import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.command_line import CommandLine, clean_environment
from tests.support.filed_totals import filed_totals

pytestmark = [pytest.mark.kafka, pytest.mark.embedded, pytest.mark.timeout(300)]


def test_demo_shows_true_figures_and_stops_everything(tmp_path: Path) -> None:
    """It exits 0; its net masses are those of the files; no process of it is left; its data can be served again."""
    place = tmp_path / "a demo 磁"
    line = [sys.executable, "-m", "interfaces.cli.main", "demo", "--sales", "60", "--data-dir", str(place)]
    done = subprocess.run(line, env=clean_environment(), capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr
    for word in ("ready", "$ lodestone import", "$ lodestone explain", "$ lodestone trail", "--as-known-at", "next"):
        assert word in done.stdout
    shipped = sum(ng for key, ng in filed_totals(place / "filings").items() if key[0] == "shipped" and key[2] == "Nd")
    kilograms = f"{shipped // 10**12}.{shipped % 10**12:012d}"
    assert re.search(rf"^Nd +shipped +{re.escape(kilograms)}$", done.stdout, re.MULTILINE)
    (path,) = re.findall(r"^  (export PATH=.*?) {5}", done.stdout, re.MULTILINE)
    found = subprocess.run(
        ["bash", "-c", f"{path}; lodestone --help"], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False
    )
    assert b"Usage: lodestone" in found.stdout, "what to try next is not found"
    assert [
        each.pid for each in psutil.process_iter(["cmdline"]) if str(place) in " ".join(each.info["cmdline"] or [])
    ] == []


def test_commands_without_services_say_how_to_start_them(tmp_path: Path) -> None:
    """Where nothing runs, the exit code is 3 and the line names the command that starts it."""
    ran = CommandLine(tmp_path / "nothing here").run("volumes", "--json")
    assert (ran.code, ran.out) == (3, b"")
    assert "lodestone up" in ran.err
    assert "[services.not_running]" in ran.err
