"""docker-compose.yml, Dockerfile and .env.example: of the right form, and in step with the code."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator

from infra.kafka.connection import MAX_MESSAGE_BYTES
from infra.kafka.topics import TOPIC_CONFIGS
from infra.postgres.roles import LOGIN_ROLES
from tests.architecture.tree import PRODUCT, ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
VALIDATOR = Draft202012Validator(json.loads((ROOT / "tests/architecture/compose.schema.json").read_text()))
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "lodestone-trace"}
# process -> roles whose password it holds; nobody but `migrate` holds the administrator's
ROLES_OF = {
    "migrate": {"writer", "reader", "relay", "projector"},
    "relay": {"relay"},
    "consume": {"projector"},
    "cli": {"writer", "reader", "projector"},
}


def test_it_has_the_form_that_compose_reads() -> None:
    """The file is valid against the schema, and the schema catches a misspelt key."""
    Draft202012Validator.check_schema(VALIDATOR.schema)
    assert [error.message for error in VALIDATOR.iter_errors(COMPOSE)] == []
    misspelt = {**COMPOSE, "services": {"kafka": {**SERVICES["kafka"], "helthcheck": {}}}}
    assert list(VALIDATOR.iter_errors(misspelt))


def test_services_wait_for_what_they_need() -> None:
    """Stores have health checks; each process waits for `migrate`, which waits for healthy stores."""
    waits = {
        name: {on: how["condition"] for on, how in service["depends_on"].items()} for name, service in OURS.items()
    }
    assert waits.pop("migrate") == {"postgres": "service_healthy", "kafka": "service_healthy"}
    assert set(map(str, waits.values())) == {str({"migrate": "service_completed_successfully"})}
    assert all("healthcheck" in SERVICES[name] for name in ("postgres", "kafka"))


@pytest.mark.parametrize("name", OURS)
def test_a_process_holds_the_passwords_of_its_roles_only(name: str) -> None:
    """Each URL names the role that the code makes, with its password from `.env`."""
    environment = OURS[name]["environment"]
    urls = {key: value for key, value in environment.items() if key.endswith("_DATABASE_URL")}
    admin = urls.pop("LODESTONE_DATABASE_URL", None)
    assert (admin is not None) == (name == "migrate")
    assert set(urls) == {f"LODESTONE_{role.upper()}_DATABASE_URL" for role in ROLES_OF[name]}
    for role in ROLES_OF[name]:
        url = urls[f"LODESTONE_{role.upper()}_DATABASE_URL"]
        assert url.startswith(f"postgresql://{LOGIN_ROLES[role]}:${{LODESTONE_{role.upper()}_PASSWORD:?")


def test_addresses_are_those_of_the_services() -> None:
    """Database URLs and the broker's address name a service, its port and its database."""
    postgres, kafka = SERVICES["postgres"]["environment"], SERVICES["kafka"]["environment"]
    inside = dict(each.split("://", 1) for each in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","))["INSIDE"]
    for service in OURS.values():
        assert service["environment"]["LODESTONE_KAFKA_BOOTSTRAP"] == inside
        for key, value in service["environment"].items():
            if key.endswith("_DATABASE_URL"):
                url = urlsplit(re.sub(r"\$\{[^}]*\}", "x", value))
                assert (url.hostname, url.port, url.path) == ("postgres", 5432, f"/{postgres['POSTGRES_DB']}")


def test_the_broker_keeps_and_takes_what_the_code_relies_on() -> None:
    """Large messages, for ever, and no topic that makes itself with another number of partitions."""
    broker = SERVICES["kafka"]["environment"]
    assert int(broker["KAFKA_MESSAGE_MAX_BYTES"]) >= MAX_MESSAGE_BYTES
    assert broker["KAFKA_LOG_RETENTION_MS"] == TOPIC_CONFIGS["retention.ms"]
    assert broker["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert broker["KAFKA_DEFAULT_REPLICATION_FACTOR"] == "1", "one broker; topics are made with the broker's default"


def test_nothing_is_published_but_to_loopback() -> None:
    """The ports that `.env` chooses, of the stores alone; what clients outside are told is what is published."""
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    kafka = SERVICES["kafka"]["environment"]
    outside = dict(each.split("://", 1) for each in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","))["OUTSIDE"]
    inner = dict(each.split("://", 1) for each in kafka["KAFKA_LISTENERS"].split(","))["OUTSIDE"]
    assert published == {
        "postgres": ["127.0.0.1:${POSTGRES_HOST_PORT:-5432}:5432"],
        "kafka": [f"{outside}{inner}"],
    }
    assert outside == "127.0.0.1:${KAFKA_HOST_PORT:-9094}"


def test_every_variable_is_in_the_example() -> None:
    """`.env.example` names exactly what the file takes from `.env`, and gives no secret a value."""
    text = "\n".join(line.split(" #")[0] for line in (ROOT / "docker-compose.yml").read_text().splitlines())
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) == set(example)
    assert {name: value for name, value in example.items() if name.endswith("PASSWORD") and value} == {}
    assert ".env" in (ROOT / ".gitignore").read_text().split()


def test_the_image_is_slim_locked_and_without_root() -> None:
    """The image installs hash-locked wheels, copies every package and runs as an ordinary user."""
    text = (ROOT / "Dockerfile").read_text()
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"python:3.13-slim-bookworm"}
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["10001"]
    assert text.count("--require-hashes -r requirements/") == text.count("-r requirements/")
    for name in (*PRODUCT, "requirements"):
        assert f"COPY {name}/ {name}/" in text
        assert f"!{name}/" in (ROOT / ".dockerignore").read_text()
