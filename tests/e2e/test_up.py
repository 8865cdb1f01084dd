"""`lodestone up` as a user runs it: started, wounded, stopped, and started again."""

import json
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic

import psutil
import pytest

from tests.support.command_line import PATIENCE_S, CommandLine

pytestmark = [pytest.mark.kafka, pytest.mark.embedded, pytest.mark.timeout(600)]

EXPORTERS = (
    "91999999MA20682835",
    "91999999MA7450422Y",
    "91999999MA37572919",
    "91999999MA8238677A",
    "91999999MA8301138M",
)
PARTS = {"postgres": "bin/postgres", "broker": "/tansu", "relay": " relay", "consumer": " consume"}


def _file_exporter(lodestone: CommandLine, uscc: str) -> int:
    """File one exporter; give its position once its history can be read."""
    path = lodestone.data_dir.parent / f"{uscc}.csv"
    path.write_text(f"uscc,name,region\n{uscc},Firm,999999\n", encoding="utf-8")
    position = int(lodestone.ask("import", "exporters", str(path))["position"])
    found = lodestone.ask("audit", f"exporter/{uscc}", "--min-position", str(position), "--timeout", "90")
    assert [row["type"] for row in found["rows"]] == ["exporter.registered"]
    return position


def _family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def _part(process: subprocess.Popen[bytes], name: str) -> psutil.Process:
    """Wait for a direct child of `up` that runs this."""
    pause, deadline = Event(), monotonic() + PATIENCE_S
    while monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            # One that ends while it is looked at is not the one.
            with suppress(psutil.NoSuchProcess):
                if PARTS[name] in " ".join(child.cmdline()):
                    return child
        pause.wait(0.1)
    raise AssertionError(f"no {name} runs")


def _await_said(lodestone: CommandLine, words: str) -> None:
    """Wait until `up` has told a person this."""
    pause, deadline = Event(), monotonic() + PATIENCE_S
    while not any(words in line.decode() for line in lodestone.said):
        assert monotonic() < deadline, f"`up` has not said {words!r}"
        pause.wait(0.1)


def _await_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert not alive


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, subprocess.Popen[bytes]]]:
    """A running system."""
    lodestone = CommandLine(tmp_path_factory.mktemp("up") / "data")
    with lodestone.up() as process:
        yield lodestone, process


@pytest.mark.parametrize(("name", "uscc"), list(zip(PARTS, EXPORTERS, strict=False)))
def test_a_part_that_is_killed_comes_back(
    running: tuple[CommandLine, subprocess.Popen[bytes]], name: str, uscc: str
) -> None:
    """A filing made afterwards is recorded and read, whichever part was killed."""
    lodestone, process = running
    victim = _part(process, name)
    victim.kill()
    _await_gone([victim])
    successor = _part(process, name)
    assert successor != victim
    _await_said(lodestone, f"process {successor.pid},")
    if name == "postgres":
        # Until the database answers again a filing is told so: exit 3, and nothing is half done.
        path = lodestone.data_dir.parent / f"{uscc}.csv"
        path.write_text(f"uscc,name,region\n{uscc},Firm,999999\n", encoding="utf-8")
        while (code := lodestone.run("import", "exporters", str(path)).code) != 0:
            assert code == 3
    _file_exporter(lodestone, uscc)
    assert process.poll() is None


def test_a_second_up_is_refused(running: tuple[CommandLine, subprocess.Popen[bytes]]) -> None:
    """One supervisor a data directory; the first goes on."""
    lodestone, process = running
    second = lodestone.run("up")
    assert second.code == 2
    assert "[data_dir.in_use]" in second.err
    assert process.poll() is None
    assert lodestone.ask("status")["head"] >= 0


def test_what_holds_passwords_is_its_owners_alone(running: tuple[CommandLine, subprocess.Popen[bytes]]) -> None:
    """Whoever may list processes or folders learns no secret."""
    lodestone, process = running
    for name in ("services.json", "secrets.json", "postgres.password"):
        assert stat.S_IMODE((lodestone.data_dir / name).stat().st_mode) == 0o600
    secrets = json.loads((lodestone.data_dir / "secrets.json").read_text(encoding="ascii")).values()
    lines = [" ".join(each.cmdline()) for each in [psutil.Process(process.pid), *_family(process)]]
    logs = [path.read_text(encoding="utf-8", errors="replace") for path in lodestone.data_dir.glob("*.log")]
    assert not [text for text in [*lines, *logs] for secret in secrets if secret in text]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    """Exit 0, no process left, and the commands say how to start it again."""
    lodestone = CommandLine(tmp_path / "data")
    with lodestone.up() as process:
        family = _family(process)
        assert len(family) > len(PARTS)
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 0
        _await_gone(family)
    assert not (lodestone.data_dir / "services.json").exists()
    ran = lodestone.run("volumes")
    assert ran.code == 3
    assert "lodestone up" in ran.err
    assert "[services.not_running]" in ran.err


def test_up_that_is_killed_leaves_no_process_and_no_loss(tmp_path: Path) -> None:
    """Its children end with it, and the next one goes on with the data, though the broker forgot everything."""
    lodestone = CommandLine(tmp_path / "data")
    first = lodestone.start("up")
    assert first.stdout is not None
    assert any(line.strip() == b"ready" for line in iter(first.stdout.readline, b""))
    position = _file_exporter(lodestone, EXPORTERS[0])
    family = _family(first)
    first.kill()
    first.communicate()
    _await_gone(family)
    with lodestone.up():
        found = lodestone.ask("audit", f"exporter/{EXPORTERS[0]}")
        assert [row["position"] for row in found["rows"]] == [position]
        assert _file_exporter(lodestone, EXPORTERS[1]) == position + 1


@pytest.mark.parametrize("name", ["with 'quotes' and 数据 目录", "long" * 60])
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    """Blanks, quotes, Chinese characters, and paths longer than a socket's may be."""
    lodestone = CommandLine(tmp_path / name / "data")
    with lodestone.up():
        assert _file_exporter(lodestone, EXPORTERS[0]) == 1
