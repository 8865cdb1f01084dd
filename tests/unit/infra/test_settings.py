"""Where settings come from, and what never shows."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from traceback import format_exception

import pytest

from infra.setting_forms import SettingWrong
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


def test_who_asks_elsewhere_is_told_how_to_start_services_there() -> None:
    """As it is typed in a shell; in the folder where `lodestone up` starts them by itself, nothing is added."""
    with pytest.raises(ServicesNotRunning, match=r"`lodestone up --data-dir '/no such/place'`"):
        load_settings({}, Path("/no such/place")).database_url("reader")
    with pytest.raises(ServicesNotRunning, match=r"`lodestone up`"):
        load_settings({}, Path(".lodestone")).database_url("reader")


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


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LODESTONE_READER_DATABASE_URL", f"postgres//reader:{SECRET}@db/x"),
        ("LODESTONE_WRITER_DATABASE_URL", f"postgresql://writer:%zz{SECRET}@db/x"),
        ("LODESTONE_DATABASE_URL", f"host=db {SECRET}"),
        ("LODESTONE_KAFKA_BOOTSTRAP", f"{SECRET}"),
        ("LODESTONE_KAFKA_BOOTSTRAP", f"kafka:9092,{SECRET}:port"),
        ("LODESTONE_KAFKA_BOOTSTRAP", f":{SECRET}@kafka:70000"),
        ("LODESTONE_KAFKA_SECURITY_PROTOCOL", f"ssl {SECRET}"),
        ("LODESTONE_TOPIC_PREFIX", f"{SECRET} with a blank"),
        ("LODESTONE_SESSION_TIMEOUT_MS", f"{SECRET}"),
        ("LODESTONE_SESSION_TIMEOUT_MS", "999"),
        ("LODESTONE_SESSION_TIMEOUT_MS", "1000000000"),
    ],
)
def test_what_cannot_be_is_refused_by_name_alone(variable: str, value: str, tmp_path: Path) -> None:
    """At once; what it says may hold a password, so not even a traceback shows it."""
    with pytest.raises(SettingWrong, match=variable) as refused:
        load_settings(_environment(**{variable: value}), tmp_path)
    assert refused.value.code == "settings.wrong"
    assert SECRET not in "".join(format_exception(refused.value))


def test_every_form_of_an_address_is_taken(tmp_path: Path) -> None:
    """Several brokers, an IPv6 address, libpq's two forms."""
    brokers = "one:9092, two:9093,[::1]:9094"
    given = {"LODESTONE_KAFKA_BOOTSTRAP": brokers, "LODESTONE_READER_DATABASE_URL": "host=db user=reader"}
    settings = load_settings(_environment(**given, LODESTONE_SESSION_TIMEOUT_MS="1000"), tmp_path)
    assert (settings.kafka.bootstrap, settings.database_url("reader")) == (brokers, "host=db user=reader")
    assert settings.session_timeout_ms == 1_000


def test_what_runs_is_found_by_others(tmp_path: Path) -> None:
    """Readable by its owner alone, without the administrator's URL; the environment goes before it."""
    write_running_services(load_settings(_environment(LODESTONE_TOPIC_PREFIX="a."), tmp_path))
    place = tmp_path / "services.json"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert "root" not in json.loads(place.read_text(encoding="utf-8")).values().__repr__()
    found = load_settings({}, tmp_path)
    assert found.database_url("relay") == f"postgresql://relay:{SECRET}@db/x"
    assert (found.kafka.bootstrap, found.topic_prefix, found.admin_database_url) == ("kafka:9092", "a.", None)
    other = load_settings(
        {"LODESTONE_KAFKA_BOOTSTRAP": "other:1", "LODESTONE_READER_DATABASE_URL": "dbname=u"}, tmp_path
    )
    assert (other.kafka.bootstrap, other.database_url("reader")) == ("other:1", "dbname=u")
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


def test_several_consumers_can_be_asked_for(tmp_path: Path) -> None:
    """One by default, and never more than there are partitions."""
    assert load_settings({}, tmp_path).consumers == 1
    assert load_settings({"LODESTONE_CONSUMERS": "12"}, tmp_path).consumers == 12


@pytest.mark.parametrize("text", ["0", "13", "-1", "two", "1.5", "\uff12", "9" * 5_000])
def test_a_number_of_consumers_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    """With the variable and what it may hold."""
    with pytest.raises(SettingWrong, match="LODESTONE_CONSUMERS") as refused:
        load_settings({"LODESTONE_CONSUMERS": text}, tmp_path)
    assert refused.value.code == "settings.wrong"
