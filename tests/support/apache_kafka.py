"""One node of Apache Kafka 4 in KRaft mode, run from Maven's artifacts on the machine's Java."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from infra.embedded.processes import Program, free_port, listens, start, stop

_POM = Path(__file__).parent / "kafka" / "pom.xml"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_READY_WITHIN_S = 120.0
_NODE = """
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"""


class MavenDoesNotAnswer(Exception):
    """The jars are not here and Maven cannot bring them."""


class ApacheKafka:
    """A node and its data.

    Args:
        folder: of its settings, data and log.
        jars: all of them.
    """

    def __init__(self, folder: Path, jars: Sequence[Path]) -> None:
        self._folder = folder
        self._class_path = ":".join(map(str, jars))
        self._port, controller = free_port(), free_port()
        self._settings = folder / "node.properties"
        self._settings.write_text(
            _NODE.format(port=self._port, controller=controller, data=folder / "data"), encoding="utf-8"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._tick = Event()

    @property
    def bootstrap(self) -> str:
        """Give the node's address; the same after a restart."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Format the data if there is none, start, and wait until a client is answered."""
        if not (self._folder / "data" / "meta.properties").exists():
            tool = self._java("-Xmx128m", "kafka.tools.StorageTool")
            cluster = subprocess.run([*tool, "random-uuid"], check=True, capture_output=True, text=True).stdout
            named = ["-t", cluster.split()[-1], "-c", str(self._settings)]
            subprocess.run([*tool, "format", "--standalone", *named], check=True, capture_output=True)
        command = self._java("-Xmx512m", "kafka.Kafka")
        log = self._folder / "kafka.log"
        self._process = start(Program("kafka", [*command, str(self._settings)], os.environ, log))
        deadline = monotonic() + _READY_WITHIN_S
        while not self._answers():
            if monotonic() > deadline or self._process.poll() is not None:
                raise AssertionError(f"Apache Kafka does not start: {log.read_text(encoding='utf-8')[-2000:]}")
            self._tick.wait(0.2)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM)

    def _answers(self) -> bool:
        if not listens(self._port):
            return False
        try:
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, bootstrap_timeout_ms=5_000)
        except KafkaError:
            return False
        admin.close()
        return True

    def _java(self, heap: str, main: str) -> list[str]:
        return ["/usr/bin/env", "java", heap, "-Dlog4j2.level=ERROR", "-cp", self._class_path, main]


@contextmanager
def running_apache_kafka(folder: Path, cache: Path) -> Iterator[ApacheKafka]:
    """Run a node, and stop it."""
    node = ApacheKafka(folder, kafka_jars(cache))
    node.start()
    try:
        yield node
    finally:
        node.stop()


def kafka_jars(cache: Path) -> Sequence[Path]:
    """Give the jars, brought by Maven once.

    Raises:
        MavenDoesNotAnswer: with what Maven said.
    """
    place = cache / "jars"
    if not (cache / "complete").exists():
        cache.mkdir(parents=True, exist_ok=True)
        line = ["mvn", "-q", "-B", "-f", str(_POM), _PLUGIN, "-DincludeScope=runtime", f"-DoutputDirectory={place}"]
        try:
            subprocess.run(line, check=True, capture_output=True, text=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stdout", "") or str(error)
            raise MavenDoesNotAnswer(f"the jars of Apache Kafka cannot be had: {said[-500:]}") from error
        (cache / "complete").touch()
    return sorted(place.glob("*.jar"))
