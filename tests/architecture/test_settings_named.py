"""Every variable that the documents and docker-compose.yml name is one that the code reads, and the other way round."""

import re
from collections import UserDict
from pathlib import Path

import pytest
import yaml

from infra.postgres.roles import LOGIN_ROLES
from infra.settings import ROLES, load_settings
from tests.architecture.tree import ROOT

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name: each["environment"] for name, each in SERVICES.items() if each["image"] == "lodestone-trace"}


class WatchedEnvironment(UserDict[str, str]):
    """An environment that remembers which variables were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        super().__init__()

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)


def variables_read(data_dir: Path) -> set[str]:
    """Name every variable that settings are made of."""
    environment = WatchedEnvironment()
    load_settings(environment, None)
    load_settings(environment, data_dir)
    return environment.asked


def test_every_role_has_a_login() -> None:
    """The roles that settings know are those that `migrate` makes."""
    assert set(ROLES) == set(LOGIN_ROLES)


def test_operations_document_every_variable(tmp_path: Path) -> None:
    """The table of settings names exactly the variables that the code reads."""
    text = (ROOT / "docs/operations.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(LODESTONE_[A-Z_]+)`", text, re.MULTILINE)) == variables_read(tmp_path)


def test_compose_sets_only_what_is_read(tmp_path: Path) -> None:
    """No service sets a variable that nothing reads."""
    assert {name for environment in OURS.values() for name in environment} <= variables_read(tmp_path)


@pytest.mark.parametrize("name", OURS)
def test_a_service_finds_its_database_and_broker(name: str, tmp_path: Path) -> None:
    """What compose gives a process is what its settings hold."""
    given = {variable: re.sub(r"\$\{(\w+)[^}]*\}", _from_dot_env, value) for variable, value in OURS[name].items()}
    settings = load_settings(given, tmp_path)
    found = {
        "LODESTONE_DATABASE_URL": settings.admin_database_url,
        "LODESTONE_KAFKA_BOOTSTRAP": settings.kafka.bootstrap,
        "LODESTONE_TOPIC_PREFIX": settings.topic_prefix,
        **{f"LODESTONE_{role.upper()}_DATABASE_URL": url for role, url in settings.database_urls.items()},
    }
    assert {variable: value for variable, value in found.items() if value} == given


def _from_dot_env(place: re.Match[str]) -> str:
    """Fill in what compose takes from `.env`."""
    return f"r2.{place[1]}"
