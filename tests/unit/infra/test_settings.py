"""Where settings come from, and what never shows."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.settings import (
    ROLES,
    ServicesNotRunning,
    child_environment,
    forget_running_services,
    load_settings,
    write_running_services,
)

SECRET = "hunter2"  # noqa: S105 - of no account


def _environment(**more: str) -> dict[str, str]:
    urls = {f"LODESTONE_{role.upper()}_DATABASE_URL": f"postgresql://{role}:{SECRET}@db/x" for role in ROLES}
    return {
        **urls,
        "LODESTONE_DATABASE_URL": f"postgresql://root:{SECRET}@db/x",
        "LODESTONE_KAFKA_BOOTSTRAP": "kafka:9092",
        "LODESTONE_KAFKA_SASL_PASSWORD": SECRET,
        **more,
    }


def test_nothing_is_configured_by_default(tmp_path: Path) -> None:
    """Every accessor says what would start it."""
    settings = load_settings({}, tmp_path)
    asked: list[Callable[[], str]] = [
        lambda: settings.database_url("reader"),
        settings.require_admin,
        settings.require_bootstrap,
    ]
    for ask in asked:
        with pytest.raises(ServicesNotRunning, match="lodestone up"):
            ask()


def test_the_data_directory_is_chosen_by_flag_then_variable(tmp_path: Path) -> None:
    """And is ./.lodestone otherwise."""
    environment = {"LODESTONE_DATA_DIR": "/elsewhere"}
    assert load_settings(environment, tmp_path).data_dir == tmp_path
    assert load_settings(environment).data_dir == Path("/elsewhere")
    assert load_settings({}).data_dir == Path(".lodestone")


def test_secrets_never_show() -> None:
    """Neither of the databases nor of the broker."""
    settings = load_settings(_environment())
    assert SECRET not in repr(settings)
    assert settings.kafka.client_options()["sasl_plain_password"] == SECRET


def test_what_runs_is_found_by_others(tmp_path: Path) -> None:
    """Readable by its owner alone, without the administrator's URL; the environment goes before it."""
    write_running_services(load_settings(_environment(LODESTONE_TOPIC_PREFIX="a."), tmp_path))
    place = tmp_path / "services.json"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert "root" not in json.loads(place.read_text(encoding="utf-8")).values().__repr__()
    found = load_settings({}, tmp_path)
    assert found.database_url("relay") == f"postgresql://relay:{SECRET}@db/x"
    assert (found.kafka.bootstrap, found.topic_prefix, found.admin_database_url) == ("kafka:9092", "a.", None)
    other = load_settings({"LODESTONE_KAFKA_BOOTSTRAP": "other:1", "LODESTONE_READER_DATABASE_URL": "u"}, tmp_path)
    assert (other.kafka.bootstrap, other.database_url("reader")) == ("other:1", "u")
    forget_running_services(tmp_path)
    assert load_settings({}, tmp_path).database_urls == {}


def test_a_child_finds_the_same_services_but_for_the_administrators(tmp_path: Path) -> None:
    """A relay or consumer can never connect as one who may change history."""
    settings = load_settings(_environment(LODESTONE_KAFKA_SECURITY_PROTOCOL="SASL_SSL"), tmp_path)
    environment = child_environment(settings)
    assert "LODESTONE_DATABASE_URL" not in environment
    child = load_settings(environment)
    assert child.database_urls == settings.database_urls
    assert child.kafka == settings.kafka
    assert child.data_dir == tmp_path
