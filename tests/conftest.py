"""Fixtures of all tests: services for a session, a database and a topic prefix for each test."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from tests.support.apache_kafka import running_apache_kafka
from tests.support.services import Cluster, Database, running_broker, running_cluster

# How fast an example is made or tried says how busy the machine is, and nothing about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

APACHE = "apache"
JARS = Path(__file__).parents[1] / ".cache" / "kafka"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One PostgreSQL for the session."""
    with running_cluster(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_admin_url(cluster: Cluster) -> str:
    """The administrator's URL of that PostgreSQL."""
    return cluster.admin_url


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    """A migrated database of the test's own."""
    with cluster.database() as made:
        yield made


@pytest.fixture
def empty_database(cluster: Cluster) -> Iterator[Database]:
    """A database of the test's own, not migrated."""
    with cluster.empty_database() as made:
        yield made


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One broker for the session: the embedded one, or Apache Kafka when LODESTONE_TEST_KAFKA says so."""
    folder = tmp_path_factory.mktemp("kafka")
    if os.environ.get("LODESTONE_TEST_KAFKA") == APACHE:
        with running_apache_kafka(folder, JARS) as apache:
            yield apache.bootstrap
    else:
        with running_broker(folder) as embedded:
            yield embedded.bootstrap


@pytest.fixture(scope="module")
def broker_settings(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """What `up` is configured with: Apache Kafka when LODESTONE_TEST_KAFKA says so, else its own broker."""
    if os.environ.get("LODESTONE_TEST_KAFKA") != APACHE:
        return {}
    bootstrap = request.getfixturevalue("kafka_bootstrap")
    return {"LODESTONE_KAFKA_BOOTSTRAP": bootstrap, "LODESTONE_TOPIC_PREFIX": f"t{uuid4().hex[:12]}."}


@pytest.fixture
def topic_prefix() -> str:
    """Keeps the test's topics apart from all others on the broker."""
    return f"t{uuid4().hex[:12]}."
