"""A broker of the test's own, which it may kill: the embedded one, or Apache Kafka when that is asked for."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Protocol

from infra.embedded.broker import EmbeddedBroker
from tests.support.apache_kafka import running_apache_kafka
from tests.support.services import running_broker


class KillableBroker(Protocol):
    """What both have in common."""

    @property
    def bootstrap(self) -> str:
        """Give the address; the same after a restart."""
        ...

    def start(self) -> None:
        """Start it, again after a kill."""
        ...

    def kill(self) -> None:
        """End it as a power cut would; returns when it is gone."""
        ...


class KillableEmbeddedBroker:
    """The embedded broker, which forgets."""

    def __init__(self, broker: EmbeddedBroker) -> None:
        self._broker = broker
        self.bootstrap = broker.bootstrap
        self.start = broker.start

    def kill(self) -> None:
        """End it as a power cut would; returns when it is gone."""
        assert self._broker.pid is not None
        os.kill(self._broker.pid, signal.SIGKILL)
        pause = Event()
        while self._broker.alive():
            pause.wait(0.02)


@contextmanager
def killable_broker(folder: Path, jars: Path, *, apache: bool) -> Iterator[KillableBroker]:
    """Run one, and stop it."""
    if apache:
        with running_apache_kafka(folder, jars) as node:
            yield node
    else:
        with running_broker(folder) as embedded:
            yield KillableEmbeddedBroker(embedded)
