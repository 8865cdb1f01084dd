"""A downstream service subscribes to the public feed with another client library, and the relay is killed.

On the session's broker: with LODESTONE_TEST_KAFKA=apache it is Apache Kafka.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest

from tests.support.cloudevents_1_0 import the_event
from tests.support.command_line import CommandLine
from tests.support.subscriber import Received, mark_the_end, read_all

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(900)]

SALES = "600"
_LOCK_MARKS = "SELECT FROM lodestone.relay_marks FOR UPDATE"
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'lodestone_relay' AND wait_event_type = 'Lock'"


@dataclass(frozen=True)
class Expected:
    """What one filing must bring into the feed."""

    type: str
    subject: str
    key: str
    net_mg: int


@dataclass(frozen=True)
class Feed:
    """What a subscriber read, beside what was filed."""

    received: Sequence[Received]
    expected: Sequence[Expected]
    partitions: int


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory, kafka_bootstrap: str) -> Iterator[Feed]:
    """File shipments and voids; meanwhile the relay is killed between sending a page and recording it."""
    place = tmp_path_factory.mktemp("subscriber")
    folder, prefix = place / "filings", f"t{uuid4().hex[:12]}."
    settings = {"LODESTONE_KAFKA_BOOTSTRAP": kafka_bootstrap, "LODESTONE_TOPIC_PREFIX": prefix}
    lodestone = CommandLine(place / "data", settings)
    with lodestone.up() as process:
        assert lodestone.run("generate", "--sales", SALES, "--seed", "21", "--out", str(folder)).code == 0
        for kind in ("exporters", "grades", "clients", "sales"):
            _file(lodestone, folder, kind)
        _await_relay(lodestone)
        with _marks_locked(lodestone) as rows:
            _file(lodestone, folder, "shipments")
            _await(lambda: rows.execute(_WAITING).fetchone() == (1,))
            relay = next(each for each in psutil.Process(process.pid).children() if each.cmdline()[-1] == "relay")
            relay.kill()
        _file(lodestone, folder, "shipment_corrections")
        _file(lodestone, folder, "voids")
        _await_relay(lodestone)
        topic = f"{prefix}lodestone.exports.v1"
        partitions = mark_the_end(kafka_bootstrap, topic)
        yield Feed(read_all(kafka_bootstrap, topic, partitions), _expected(folder), partitions)


def _file(lodestone: CommandLine, folder: Path, kind: str) -> None:
    assert lodestone.ask("import", kind, str(folder / f"{kind}.csv"))["refused"] == 0


def _await_relay(lodestone: CommandLine) -> None:
    def caught_up() -> bool:
        status = lodestone.ask("status")
        return bool(status["relay"]["position"] == status["head"])

    _await(caught_up)


def _await(condition: Any) -> None:
    pause = Event()
    while not condition():  # the test's own timeout ends it
        pause.wait(0.1)


@contextmanager
def _marks_locked(lodestone: CommandLine) -> Iterator[psycopg.Connection[Any]]:
    """Let the relay send, and keep it from recording what it sent."""
    running = json.loads((lodestone.data_dir / "services.json").read_text(encoding="utf-8"))
    with psycopg.connect(running["relay"]) as holding, psycopg.connect(running["relay"], autocommit=True) as rows:
        holding.execute(_LOCK_MARKS)
        yield rows


def _expected(folder: Path) -> list[Expected]:
    """Every declaration in the order of its first row, then every correction, then every void of one."""
    filed, corrected = _masses(folder / "shipments.csv"), _masses(folder / "shipment_corrections.csv")
    key = {
        row["declaration_no"]: f"client/{row['exporter_uscc']}/{row['client_ref']}"
        for row in _rows(folder / "shipments.csv")
    }
    voided = [row["key"] for row in _rows(folder / "voids.csv") if row["kind"] == "shipment"]
    said = [("shipment.exported", each, filed[each]) for each in filed]
    said += [("shipment.corrected", each, corrected[each]) for each in corrected]
    said += [("shipment.voided", each, corrected.get(each, filed[each])) for each in voided]
    return [Expected(kind, f"shipment/{each}", key[each], mass) for kind, each, mass in said]


def _masses(path: Path) -> dict[str, int]:
    mass: dict[str, int] = {}
    for row in _rows(path):
        mass[row["declaration_no"]] = mass.get(row["declaration_no"], 0) + int(Decimal(row["net_kg"]).scaleb(6))
    return mass


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _in_partition(feed: Feed, partition: int) -> list[dict[str, Any]]:
    """Read a partition as the contract tells a subscriber to: drop what is at or below the last position."""
    kept: list[dict[str, Any]] = []
    for received in feed.received:
        if received.partition == partition:
            event = the_event(received)
            if not kept or int(event["position"]) > int(kept[-1]["position"]):
                kept.append(event)
    return kept


def _what_it_says(event: dict[str, Any], key: str) -> Expected:
    lines = event["data"]["reverses"][0]["lines"] if event["type"] == "shipment.voided" else event["data"]["lines"]
    return Expected(event["type"], event["subject"], key, sum(line["net_mg"] for line in lines))


def test_every_record_is_a_cloudevent(feed: Feed) -> None:
    """By the specification's own rules; `source` and `id` tell one occurrence from every other."""
    events = [the_event(each) for each in feed.received]
    contents = {(event["source"], event["id"]): json.dumps(event["data"]) for event in events}
    assert len(events) >= len(feed.expected) > 500
    assert len(contents) == len(feed.expected)
    assert len({source for source, _ in contents}) == 1
    assert all(contents[event["source"], event["id"]] == json.dumps(event["data"]) for event in events)


def test_every_export_and_void_comes_once_in_the_order_of_filing(feed: Feed) -> None:
    """As the files say: nothing missing, nothing twice, nothing else, and the order of each partition kept."""
    keys = {the_event(each)["id"]: each.key for each in feed.received}
    partition_of = {each.key: each.partition for each in feed.received}
    count = 0
    for partition in range(feed.partitions):
        said = [_what_it_says(event, keys[event["id"]]) for event in _in_partition(feed, partition)]
        assert said == [each for each in feed.expected if partition_of[each.key] == partition]
        count += len(said)
    assert count == len(feed.expected)
    assert {each.type for each in feed.expected} == {"shipment.exported", "shipment.corrected", "shipment.voided"}


def test_the_chain_of_each_partition_is_unbroken(feed: Feed) -> None:
    """Each event names the one before it, the first names 0: whoever misses one can tell."""
    for partition in range(feed.partitions):
        events = _in_partition(feed, partition)
        assert all(events[0]["previous"] == "0" for _ in events[:1])
        assert all(after["previous"] == before["position"] for before, after in pairwise(events))


def test_what_is_sent_again_is_the_same_bytes(feed: Feed) -> None:
    """The killed relay's page came twice, in the same partitions and with the same `previous`."""
    first: dict[str, Received] = {}
    again = [each for each in feed.received if first.setdefault(the_event(each)["id"], each) is not each]
    assert again, "the relay was not killed at the right moment"
    assert all(first[the_event(each)["id"]] == each for each in again)
