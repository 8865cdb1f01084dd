"""Logs: one JSON object a line on standard error, and never a password."""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest
import structlog
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from infra.logging import configure_logging

URL = "postgresql://lodestone_writer:hun%40ter2@127.0.0.1:5432/lodestone"


@pytest.mark.usefixtures("_as_before")
def test_a_line_is_an_object_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """With its level, its time and what it was told; standard output is for answers."""
    configure_logging(json=True, debug=False)
    structlog.get_logger().warning("a process died", name="relay")
    structlog.get_logger().debug("not asked for")
    said = capsys.readouterr()
    assert said.out == ""
    entry = json.loads(said.err)
    assert (entry["event"], entry["level"], entry["name"]) == ("a process died", "warning", "relay")
    assert entry["timestamp"].endswith("Z")


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("as_json", [True, False])
def test_a_password_never_shows(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    """Neither as a value nor inside a message or a traceback; the rest of the address does."""
    configure_logging(json=as_json, debug=True)
    try:
        _fail()
    except ValueError:
        structlog.get_logger().exception(f"no answer from {URL}", url=URL)
    said = capsys.readouterr().err
    assert "hun" not in said
    assert said.count("lodestone_writer:***@127.0.0.1:5432/lodestone") == 3


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("password", ["hun", "hun'ter", 'hun"ter', "hun\\'\"ter", "hun ter, 'x': 'hun"])
def test_a_library_that_tells_its_settings_tells_no_password(capsys: pytest.CaptureFixture[str], password: str) -> None:
    """The broker's client logs all of them when debugging; what stands around the password is still told."""
    configure_logging(json=True, debug=True)
    with suppress(KafkaError):
        KafkaAdminClient(
            bootstrap_servers="127.0.0.1:1",
            bootstrap_timeout_ms=1,
            security_protocol="SASL_PLAINTEXT",
            sasl_mechanism="PLAIN",
            sasl_plain_username="relay",
            sasl_plain_password=password,
        )
    logging.getLogger("psycopg").warning("no answer from %s", URL)
    said = capsys.readouterr().err
    assert "hun" not in said
    assert "'sasl_plain_username': 'relay'" in said
    assert "lodestone_writer:***@127.0.0.1" in said


@pytest.fixture
def _as_before() -> Iterator[None]:
    """Log lines go to the stream of the test that configured them, so nothing is left to a later one."""
    yield
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], level=logging.WARNING, force=True)


def _fail() -> None:
    raise ValueError(URL)
