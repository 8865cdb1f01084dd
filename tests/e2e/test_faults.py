"""Everything is killed in turn while filings pour in; the read models equal what the files say, all the same.

LODESTONE_TEST_SALES sets how many sales are filed (3,000 make 14,000 events, 11,000 more than 50,000). The embedded
broker forgets whenever it is killed; with LODESTONE_TEST_KAFKA=apache it keeps its data, and once loses it.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import psutil
import psycopg
import pytest

from tests.conftest import APACHE, JARS
from tests.support.broker_under_test import KillableBroker, killable_broker
from tests.support.command_line import CommandLine
from tests.support.filed_totals import NET_MASS, Key, filed_totals

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(900)]

SALES = os.environ.get("LODESTONE_TEST_SALES", "3000")
IS_APACHE = os.environ.get("LODESTONE_TEST_KAFKA") == APACHE
BY = "client,month,destination"
PARTS = {"consumer": " consume", "relay": " relay", "postgres": "bin/postgres", "broker": "/tansu"}
PATIENCE_S = 400


@dataclass
class House:
    """A running system whose parts can be killed."""

    lodestone: CommandLine
    up: subprocess.Popen[bytes]
    broker: KillableBroker | None
    folder: Path

    def head(self) -> int | None:
        """Give the last position; None while the database does not answer."""
        try:
            services = json.loads((self.lodestone.data_dir / "services.json").read_text(encoding="utf-8"))
            with psycopg.connect(services["reader"], connect_timeout=2) as reader:
                row = reader.execute("SELECT coalesce(max(position), 0) FROM lodestone.events").fetchone()
        except (OSError, psycopg.Error):
            return None
        return row[0] if row else None

    def has_come_to(self, position: int) -> bool:
        """Tell whether so much is recorded."""
        return (self.head() or 0) >= position

    def kill(self, name: str) -> None:
        """End a part as a power cut would; `up` starts its own again, the test a broker that is the test's."""
        if name.startswith("broker") and self.broker is not None:
            self.broker.kill()
            if name == "broker without its data":
                shutil.rmtree(self.folder / "data")
            self.broker.start()
            return
        _await(lambda: self._part(name) is not None)
        part = self._part(name)
        assert part is not None
        part.kill()
        part.wait(60)

    def _part(self, name: str) -> psutil.Process | None:
        for child in psutil.Process(self.up.pid).children():
            with suppress(psutil.NoSuchProcess):
                if PARTS[name] in " ".join(child.cmdline()):
                    return child
        return None


@contextmanager
def _house(place: Path) -> Iterator[House]:
    if not IS_APACHE:
        lodestone = CommandLine(place / "data")
        with lodestone.up() as process:
            yield House(lodestone, process, None, place)
        return
    folder = place / "kafka"
    folder.mkdir()
    with killable_broker(folder, JARS, apache=True) as broker:
        settings = {"LODESTONE_KAFKA_BOOTSTRAP": broker.bootstrap, "LODESTONE_TOPIC_PREFIX": "faults."}
        lodestone = CommandLine(place / "data", settings)
        with lodestone.up() as process:
            yield House(lodestone, process, broker, folder)


def test_nothing_is_lost_or_doubled_whatever_is_killed(tmp_path: Path) -> None:
    """Consumer, relay, broker and database, each in the middle of events."""
    filings = tmp_path / "filings"
    with _house(tmp_path) as house:
        lodestone = house.lodestone
        assert lodestone.run("generate", "--sales", SALES, "--seed", "17", "--out", str(filings)).code == 0
        victims = ["consumer", "relay", "broker", "consumer", "postgres", "relay"]
        victims += ["broker without its data"] if IS_APACHE else []
        filing = Thread(target=_file_until_done, args=(lodestone, filings))
        filing.start()
        for number, victim in enumerate(victims, start=1):
            # A sale is at least three events, so that all of these lie well within.
            wanted = int(SALES) * 2 * number // (len(victims) + 1)
            _await(partial(house.has_come_to, wanted))
            house.kill(victim)
        filing.join(PATIENCE_S)
        assert not filing.is_alive()
        _await(lambda: house.head() is not None)
        head = house.head()
        _assert_as_filed(lodestone, filings, str(head))


def _file_until_done(lodestone: CommandLine, filings: Path) -> None:
    """File again whenever the database was out of reach (exit 3), as a user does."""
    pause, deadline = Event(), monotonic() + PATIENCE_S
    while lodestone.run("import", str(filings)).code == 3:
        assert monotonic() < deadline
        pause.wait(0.2)


def _assert_as_filed(lodestone: CommandLine, filings: Path, head: str) -> None:
    """Totals from the files, by lines that share nothing with the code; positions and versions without a gap."""
    wait = ["--min-position", head, "--timeout", "180"]
    elements = lodestone.ask("volumes", "--by", f"{BY},element", *wait)
    net = lodestone.ask("volumes", "--by", BY, *wait)
    found: Counter[Key] = Counter()
    for row in elements["rows"] + net["rows"]:
        key = (row["measure"], row["client"], row.get("element", NET_MASS), row["month"], row["destination"])
        found[key] += int(row["ng"])
    assert found == Counter({key: ng for key, ng in filed_totals(filings).items() if ng})
    assert elements["incomplete"] == []
    again = lodestone.ask("import", str(filings))
    assert (again["accepted"], again["refused"], str(again["position"])) == (0, 0, head)
    events = [json.loads(line) for line in lodestone.run("replay").out.splitlines()]
    assert [int(each["position"]) for each in events] == list(range(1, int(head) + 1))
    versions: Counter[str] = Counter()
    for each in events:
        versions[each["subject"]] += 1
        assert int(each["version"]) == versions[each["subject"]]
    assert all(each["checked"] is True for each in lodestone.ask("rebuild")["read_models"])


def _await(reached: Callable[[], bool]) -> None:
    pause, deadline = Event(), monotonic() + PATIENCE_S
    while not reached():
        assert monotonic() < deadline
        pause.wait(0.05)
