"""The programs of docs/subscribing.md, as they stand there."""

import csv
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from tests.golden.test_documents import message_validator
from tests.support.command_line import CommandLine, clean_environment
from tests.support.filed_totals import NET_MASS, filed_totals

pytestmark = [pytest.mark.kafka, pytest.mark.embedded, pytest.mark.timeout(600)]

DOCS = Path(__file__).parents[2] / "docs"
PROGRAMS = re.findall(r"```python\n(.*?)```", (DOCS / "subscribing.md").read_text(encoding="utf-8"), re.DOTALL)
PATIENCE_S = 120


@dataclass(frozen=True)
class System:
    """A running system with filings in it, and where its messages are."""

    lodestone: CommandLine
    folder: Path
    broker: str


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """File some years of trade."""
    place = tmp_path_factory.mktemp("subscribing")
    lodestone = CommandLine(place / "data")
    with lodestone.up():
        assert lodestone.run("generate", "--sales", "200", "--seed", "5", "--out", str(place / "filings")).code == 0
        head = lodestone.ask("import", str(place / "filings"))["position"]
        lodestone.ask("volumes", "--min-position", str(head), "--timeout", "120")
        yield System(lodestone, place / "filings", lodestone.ask("status")["kafka"]["bootstrap"])


def test_the_subscriber_keeps_what_was_shipped(system: System, tmp_path: Path) -> None:
    """Equal to the files; started again it goes on where it was, and a void is taken off."""
    kept = tmp_path / "kept.sqlite"
    with _program(PROGRAMS[0], tmp_path, system.broker, "lodestone.exports.v1", str(kept)):
        _await(lambda: _totals(kept) == _shipped(system.folder))
    _void(system, place=0)
    with _program(PROGRAMS[0], tmp_path, system.broker, "lodestone.exports.v1", str(kept)):
        _await(lambda: _totals(kept) == _shipped(system.folder))
    assert len(_totals(kept)) > 3


def test_the_other_library_sees_every_export_once(system: System, tmp_path: Path) -> None:
    """Stopped and started again it sees nothing a second time."""
    kept = tmp_path / "kept.json"
    expected = _exported(system.folder)
    with _program(PROGRAMS[1], tmp_path, system.broker, "lodestone.exports.v1", str(kept)) as said:
        _await(lambda: len(said.read_text().splitlines()) >= len(expected))
        assert Counter(line.split(" ", 1)[1] for line in said.read_text().splitlines()) == expected
    declaration_no = _void(system, place=1)
    with _program(PROGRAMS[1], tmp_path, system.broker, "lodestone.exports.v1", str(kept)) as said:
        _await(lambda: declaration_no in said.read_text())
        assert len(said.read_text().splitlines()) == 1


def test_every_message_is_as_its_schema_says(system: System) -> None:
    """Everything in the topic, and everything that replay gives: of every type there is."""
    validator = message_validator(DOCS / "schemas")
    lines = system.lodestone.run("replay").out.splitlines()
    messages = [json.loads(value) for value in _messages(system.broker, "lodestone.events.v1", len(lines))]
    assert all(each["previous"].isdigit() for each in messages)
    said = [json.loads(line) for line in lines]
    assert sorted(int(each["position"]) for each in messages) == list(range(1, len(lines) + 1))
    assert not [error.message for each in [*messages, *said] for error in validator.iter_errors(each)]
    assert len({each["type"] for each in messages}) > 14


def _messages(broker: str, topic: str, count: int) -> list[bytes]:
    """Read so many messages of a topic from its beginning."""
    found: list[bytes] = []
    with closing(Consumer({"bootstrap.servers": broker, "group.id": "schemas", "enable.auto.commit": False})) as reader:
        reader.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(12)])
        while len(found) < count:
            record = reader.poll(PATIENCE_S)
            assert record is not None
            value = record.value()
            assert isinstance(value, bytes)
            found.append(value)
    return found


def _void(system: System, *, place: int) -> str:
    """Void a shipment that stands, in the files and in the system; give its declaration."""
    voided = {row["key"] for row in _rows(system.folder, "voids")}
    filed = [row["declaration_no"] for row in _rows(system.folder, "shipments")]
    standing = [each for each in filed if each not in voided]
    with (system.folder / "voids.csv").open("a", encoding="utf-8") as voids:
        voids.write(f"shipment,{standing[place]},filed twice\n")
    assert system.lodestone.ask("import", "voids", str(system.folder / "voids.csv"))["accepted"] == 1
    return standing[place]


@contextmanager
def _program(text: str, folder: Path, *arguments: str) -> Iterator[Path]:
    """Run a program until the block ends; give the file that it prints into. Stopping it must exit 0."""
    place, said = folder / "subscriber.py", folder / "said.txt"
    place.write_text(text, encoding="utf-8")
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, str(place), *arguments], stdout=out, env=clean_environment())
        try:
            yield said
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(PATIENCE_S)
    assert code == 0


def _await(reached: Callable[[], bool]) -> None:
    pause, deadline = Event(), monotonic() + PATIENCE_S
    while not reached():
        assert monotonic() < deadline
        pause.wait(0.1)


def _totals(kept: Path) -> dict[str, int]:
    if not kept.exists():
        return {}
    with closing(sqlite3.connect(kept)) as database:
        try:
            return {place: mg for place, mg in database.execute("SELECT destination, net_mg FROM shipped") if mg}
        except sqlite3.OperationalError:
            return {}  # the program has not made its tables yet


def _rows(folder: Path, kind: str) -> list[dict[str, str]]:
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _shipped(folder: Path) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for (measure, _, element, _, destination), ng in filed_totals(folder).items():
        if measure == "shipped" and element == NET_MASS:
            totals[destination] += ng // 1_000_000
    return dict(totals)


def _exported(folder: Path) -> Counter[str]:
    found = {f"shipment.exported shipment/{row['declaration_no']}" for row in _rows(folder, "shipments")}
    corrected = _rows(folder, "shipment_corrections")
    found |= {f"shipment.corrected shipment/{row['declaration_no']}" for row in corrected}
    found |= {f"shipment.voided shipment/{row['key']}" for row in _rows(folder, "voids") if row["kind"] == "shipment"}
    return Counter(found)
