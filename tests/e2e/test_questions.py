"""Finding, following and asking on a running system, with hostile text in it."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.command_line import PATIENCE_S, CommandLine

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(600)]

HOSTILE = 'O\'Brien "100%" a_b C:\\new \u202egnp.exe'


@dataclass(frozen=True)
class Filed:
    """A running system; the stream of the client with the hostile name; the head."""

    lodestone: CommandLine
    client: str
    position: int


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory, broker_settings: Mapping[str, str]) -> Iterator[Filed]:
    """Generate few filings, give one client a hostile name, and file them."""
    place = tmp_path_factory.mktemp("questions")
    lodestone = CommandLine(place / "data", broker_settings)
    with lodestone.up():
        assert lodestone.run("generate", "--sales", "30", "--seed", "7", "--out", str(place / "filings")).code == 0
        client = _renamed(place / "filings" / "clients.csv")
        # An amendment would give the client another name.
        (place / "filings" / "client_amendments.csv").unlink()
        position = lodestone.ask("import", str(place / "filings"))["position"]
        yield Filed(lodestone, client, position)


def _renamed(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["legal_name"] = HOSTILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return f"client/{rows[0]['exporter_uscc']}/{rows[0]['client_ref']}"


def _find(filed: Filed, text: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = filed.lodestone.ask("find", text, "--min-position", str(filed.position))["rows"]
    return rows


@pytest.mark.parametrize("text", ["o'brien", '"100%"', "a_b", "C:\\new", "\u202egnp"])
def test_hostile_text_is_found_literally(filed: Filed, text: str) -> None:
    """The one client that has it, with what matched."""
    assert _find(filed, text) == [{"stream": filed.client, "label": HOSTILE, "matched": f"name: {HOSTILE}"}]


@pytest.mark.parametrize("text", ["O%Brien", "aXb", "a__b", "' OR ''='"])
def test_wildcards_find_nothing(filed: Filed, text: str) -> None:
    """No pattern, no SQL."""
    assert _find(filed, text) == []


@pytest.mark.parametrize("command", ["find", "audit", "trail"])
def test_hostile_text_is_printed_harmlessly(filed: Filed, command: str) -> None:
    """Marks come out as escapes, in tables and in JSON; the text means the same."""
    asked = [command, "O'Brien" if command == "find" else filed.client]
    for line in (asked, [*asked, "--json"]):
        ran = filed.lodestone.run(*line)
        assert ran.code == 0, ran.err
        assert "\u202e" not in ran.out.decode()
        assert "\\u202egnp" in ran.out.decode()


def test_the_rebuilt_search_agrees_with_the_events(filed: Filed) -> None:
    """Its tables are what SQL makes of the events, and the answer is the same."""
    before = _find(filed, "o'brien")
    (rebuilt,) = filed.lodestone.ask("rebuild", "stream_search")["read_models"]
    assert (rebuilt["checked"], rebuilt["events"]) == (True, filed.position)
    assert _find(filed, "o'brien") == before


def test_follow_prints_what_replay_prints_until_the_pipe_is_closed(filed: Filed) -> None:
    """The same bytes, each event once; then the closed pipe ends it in peace."""
    expected = filed.lodestone.run("replay", "--from", "3").out.splitlines(keepends=True)
    with filed.lodestone.start("follow", "--from", "3") as following:
        assert following.stdout is not None
        lines = [following.stdout.readline() for _ in expected]
        following.stdout.close()
        assert following.wait(PATIENCE_S) == 0
    assert sorted(lines, key=lambda line: int(json.loads(line)["position"])) == expected
