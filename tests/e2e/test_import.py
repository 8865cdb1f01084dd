"""Filing in bulk as an exporter does: mistakes, repetition, and a process that is killed in the middle."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.support.command_line import CommandLine

pytestmark = [pytest.mark.kafka, pytest.mark.embedded, pytest.mark.timeout(600)]

SALES = "1500"


@pytest.fixture(scope="module")
def lodestone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A running system."""
    command_line = CommandLine(tmp_path_factory.mktemp("import") / "data")
    with command_line.up():
        yield command_line


def _generate(lodestone: CommandLine, folder: Path, *arguments: str) -> Path:
    done = lodestone.run("generate", "--out", str(folder), *arguments)
    assert done.code == 0, done.err
    return folder


def _facts(lodestone: CommandLine) -> Counter[tuple[Any, ...]]:
    replayed = lodestone.run("replay")
    assert replayed.code == 0
    events = [json.loads(line) for line in replayed.out.splitlines()]
    return Counter(
        (each["subject"], each["version"], each["type"], json.dumps(each["data"], sort_keys=True)) for each in events
    )


def test_every_planted_mistake_is_refused_and_every_good_filing_is_in(lodestone: CommandLine, tmp_path: Path) -> None:
    """With its line, field and code; filed again, the good ones are known and the same are refused."""
    folder = _generate(lodestone, tmp_path / "wrong", "--sales", "300", "--seed", "11", "--errors")
    ran = lodestone.run("import", str(folder), "--json")
    assert ran.code == 1
    expected = {
        (each["file"], each["line"]): (each["field"] or "", each["code"])
        for each in json.loads((folder / "errors.json").read_text(encoding="utf-8"))
    }
    found = {}
    for path in folder.glob("*.rejected.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["code"] != "filing.refused":
                    found[path.name.removesuffix(".rejected.csv"), int(row["line"])] = (row["field"], row["code"])
    assert found == expected
    summary = ran.json
    assert summary["refused"] == len(expected)
    again = lodestone.run("import", str(folder), "--json")
    assert again.code == 1
    assert (again.json["accepted"], again.json["refused"]) == (0, summary["refused"])
    assert again.json["already_filed"] == summary["accepted"] + summary["already_filed"]


def test_an_import_that_is_killed_and_run_again_ends_with_the_same_events(
    lodestone: CommandLine, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As one that nobody disturbed; a third run adds nothing and says so."""
    folder = _generate(lodestone, tmp_path / "filings", "--sales", SALES, "--seed", "12")
    disturbed = CommandLine(tmp_path_factory.mktemp("killed") / "data")
    with disturbed.up():
        for share in (4, 2):
            victim = disturbed.start("import", str(folder))
            _await_head(disturbed, int(SALES) // share)
            assert victim.poll() is None, "the import ended before it could be killed"
            victim.kill()
            victim.communicate()
        last = disturbed.ask("import", str(folder))
        assert last["refused"] == 0
        assert last["already_filed"] > 0
        assert last["accepted"] > 0
        third = disturbed.ask("import", str(folder))
        assert (third["accepted"], third["already_filed"]) == (0, last["accepted"] + last["already_filed"])
        assert third["position"] == last["position"]
        facts = _facts(disturbed)
    undisturbed = CommandLine(tmp_path_factory.mktemp("undisturbed") / "data")
    with undisturbed.up():
        assert undisturbed.ask("import", str(folder))["refused"] == 0
        assert _facts(undisturbed) == facts
    assert set(facts.values()) == {1}


def test_a_file_that_cannot_be_read_files_nothing(lodestone: CommandLine, tmp_path: Path) -> None:
    """Exit 2, one line with the code, and nothing on standard output."""
    bad = tmp_path / "exporters.csv"
    bad.write_bytes("uscc,name,region\n91999999MA20682835,M\xfcller,999999\n".encode("latin-1"))
    head = lodestone.ask("status")["head"]
    ran = lodestone.run("import", "exporters", str(bad), "--json")
    assert (ran.code, ran.out) == (2, b"")
    assert "save it as CSV UTF-8" in ran.err
    assert "[file.not_utf8]" in ran.err
    assert lodestone.ask("status")["head"] == head


def test_wrong_usage_says_what_would_be_right(lodestone: CommandLine, tmp_path: Path) -> None:
    """An unknown kind, a folder without filings, a kind without a file."""
    for arguments in (["magnets", "x.csv"], [str(tmp_path)], ["sales"]):
        ran = lodestone.run("import", *arguments)
        assert ran.code == 2
        assert "[usage.wrong]" in ran.err


def _await_head(lodestone: CommandLine, position: int) -> None:
    pause = Event()
    for _ in range(600):
        if lodestone.ask("status")["head"] >= position:
            return
        pause.wait(0.02)
    raise AssertionError(f"the head never reached {position}")
