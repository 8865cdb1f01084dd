"""The main job: from filings to figures that are exact, explained, and the same when asked again.

LODESTONE_TEST_SALES sets how many sales are filed (2,000; 20,000 before a release), LODESTONE_TEST_KAFKA=apache
through which broker they pass.
"""

import os
import random
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import PATIENCE_S, CommandLine
from tests.support.filed_totals import NET_MASS, Key, filed_totals

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(900)]

SALES = os.environ.get("LODESTONE_TEST_SALES", "2000")
MORE_SALES = str(max(200, int(SALES) // 10))
BY = "client,month,destination"


@dataclass(frozen=True)
class Filed:
    """A running system with one generated set of filings in it."""

    lodestone: CommandLine
    folder: Path
    position: int
    totals: Counter[Key]


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory, broker_settings: Mapping[str, str]) -> Iterator[Filed]:
    """Generate, file, and wait until the read models have come as far."""
    place = tmp_path_factory.mktemp("main job")
    folder = place / "filings"
    lodestone = CommandLine(place / "data", broker_settings)
    with lodestone.up():
        assert lodestone.run("generate", "--sales", SALES, "--seed", "7", "--out", str(folder)).code == 0
        imported = lodestone.ask("import", str(folder))
        assert imported["refused"] == 0
        lodestone.ask("volumes", "--min-position", str(imported["position"]), "--timeout", "200")
        yield Filed(lodestone, folder, imported["position"], filed_totals(folder))


def _figures(answer: Any) -> Counter[Key]:
    return Counter(
        {
            (row["measure"], row["client"], row.get("element", NET_MASS), row["month"], row["destination"]): int(
                row["ng"]
            )
            for row in answer["rows"]
        }
    )


def _without_zeros(totals: Counter[Key]) -> Counter[Key]:
    return Counter({key: ng for key, ng in totals.items() if ng})


def test_volumes_equal_totals_from_the_files(filed: Filed) -> None:
    """Nanogram for nanogram: of every element, and of the net mass."""
    elements = filed.lodestone.ask("volumes", "--by", f"{BY},element", "--as-known-at", str(filed.position))
    net = filed.lodestone.ask("volumes", "--by", BY, "--as-known-at", str(filed.position))
    assert _figures(elements) + _figures(net) == _without_zeros(filed.totals)
    assert elements["position"] == net["position"] == filed.position
    assert elements["incomplete"] == []


def test_explanations_sum_to_their_figures(filed: Filed) -> None:
    """A sample of figures of every grouping: the entries sum to what the files say, voided ones to nothing."""
    chosen = random.Random(7).sample(sorted(_without_zeros(filed.totals)), 8)  # noqa: S311 - a sample, no secret
    for measure, client, element, month, destination in chosen:
        line = ["explain", "--measure", measure, "--client", client, "--from", month, "--to", month]
        line += ["--destination", destination, "--as-known-at", str(filed.position)]
        line += ["--element", element] if element else []
        answer = filed.lodestone.ask(*line)
        expected = filed.totals[measure, client, element, month, destination]
        assert int(answer["ng"]) == expected
        assert sum(int(row["ng"]) for row in answer["rows"]) == expected
        assert {row["business_date"][:7] for row in answer["rows"]} == {month}


def test_answers_stay_the_same_and_rebuilds_agree_while_filings_pour_in(filed: Filed, tmp_path: Path) -> None:
    """Each answer asked again as known at its own position is the same; rebuilt read models give them all again."""
    lodestone, more = filed.lodestone, tmp_path / "more"
    assert lodestone.run("generate", "--sales", MORE_SALES, "--seed", "8", "--out", str(more)).code == 0
    with lodestone.start("import", str(more), stdout=subprocess.DEVNULL) as pouring:
        answers = [lodestone.ask("volumes", "--by", f"{BY},element")]
        rebuilding = lodestone.start("rebuild", "--json")
        while pouring.poll() is None:
            answers.append(lodestone.ask("volumes", "--by", f"{BY},element"))
        rebuilt, _ = rebuilding.communicate(timeout=PATIENCE_S)
    assert rebuilding.returncode == 0, rebuilt
    head = lodestone.ask("status")["head"]
    assert head > filed.position
    answers.append(lodestone.ask("volumes", "--by", f"{BY},element", "--min-position", str(head)))
    assert answers[-1]["position"] == head
    _assert_same_again(lodestone, answers)
    checked = lodestone.ask("rebuild")["read_models"]
    assert all(each["checked"] is True and each["events"] > 0 for each in checked)
    _assert_same_again(lodestone, answers)


def _assert_same_again(lodestone: CommandLine, answers: list[Any]) -> None:
    for answer in answers:
        again = lodestone.ask("volumes", "--by", f"{BY},element", "--as-known-at", str(answer["position"]))
        assert again == answer


def test_replay_is_identical_and_stops_at_both_ends(filed: Filed, tmp_path: Path) -> None:
    """The same bytes each time, to a file or a pipe; a closed pipe ends it in peace."""
    out = tmp_path / "trail.ndjson"
    asked = ["replay", "--from", "3", "--to", str(filed.position)]
    assert filed.lodestone.run(*asked, "--out", str(out)).code == 0
    again = filed.lodestone.run(*asked)
    lines = again.out.splitlines()
    assert again.out == out.read_bytes()
    assert len(lines) == filed.position - 2
    assert b'"previous"' not in again.out
    with filed.lodestone.start("replay") as head:
        assert head.stdout is not None
        assert b'"position":"1"' in head.stdout.readline()
        head.stdout.close()
        assert head.wait(PATIENCE_S) == 0


def test_trail_and_audit_of_a_sale(filed: Filed) -> None:
    """From an explained figure to who sold it to whom, and to everything that happened to it."""
    stream = filed.lodestone.ask("explain", "--measure", "sold")["rows"][0]["stream"]
    trail = filed.lodestone.ask("trail", stream)
    audit = filed.lodestone.ask("audit", stream)
    nodes = {node["stream"] for node in trail["nodes"]}
    assert stream in nodes
    assert all({edge["from"], edge["to"]} <= nodes for edge in trail["edges"])
    assert audit["rows"][0]["type"] == "sale.recorded"
    positions = [row["position"] for row in audit["rows"]]
    assert positions == sorted(set(positions))


@pytest.mark.parametrize("command", ["trail", "audit"])
def test_an_unknown_stream_is_named_with_its_code(filed: Filed, command: str) -> None:
    """Never an empty answer."""
    ran = filed.lodestone.run(command, "sale/NOBODY/NOTHING", "--json")
    assert (ran.code, ran.out) == (2, b"")
    assert "[stream.unknown]" in ran.err


def test_status_says_how_far_everything_is(filed: Filed, broker_settings: Mapping[str, str]) -> None:
    """Relay and read models have reached the head; nothing is parked; the broker is named."""
    found = filed.lodestone.ask("status")
    assert found["kafka"]["bootstrap"] == broker_settings.get("LODESTONE_KAFKA_BOOTSTRAP", found["kafka"]["bootstrap"])
    assert found["head"] >= filed.position
    assert found["relay"]["position"] <= found["head"]
    assert found["read_models"]
    assert {each["parked"] for each in found["read_models"]} == {0}
    assert found["kafka"]["bootstrap"]
    assert len(found["kafka"]["topics"]) == 3


def test_an_answer_that_never_comes_exits_4(filed: Filed) -> None:
    """Beyond the head there is nothing to wait for."""
    ran = filed.lodestone.run("volumes", "--min-position", "999999999", "--timeout", "1", "--json")
    assert (ran.code, ran.out) == (4, b"")
    assert "[position.not_yet]" in ran.err
