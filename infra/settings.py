"""Settings: from the environment, else from what runs in the data directory. The one place that reads either."""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra import setting_forms as forms

SERVICES_FILE = "services.json"
_PREFIX = "LODESTONE_"
_DEFAULT_DATA_DIR = ".lodestone"
_DEFAULT_SESSION_TIMEOUT_MS = 10_000
_SHORTEST_SESSION_TIMEOUT_MS = 1_000
_PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
_MOST_CONSUMERS = 12  # more than the topic has partitions would have nothing to do
_DEFAULT_IMPORT_WORKERS = 2
_MOST_IMPORT_WORKERS = 64
ROLES = ("writer", "reader", "relay", "projector")


class ServicesNotRunning(Exception):
    """Nothing is configured and nothing runs in the data directory. ``services.not_running``."""

    code = "services.not_running"


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Where the broker is and how to speak to it; the names are Kafka's own."""

    bootstrap: str | None = None
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None

    def client_options(self) -> Mapping[str, Any]:
        """Give the client library's own TLS and SASL options."""
        options = {
            "security_protocol": self.security_protocol,
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.sasl_password,
            "ssl_cafile": self.ssl_cafile,
            "ssl_certfile": self.ssl_certfile,
            "ssl_keyfile": self.ssl_keyfile,
        }
        return {name: value for name, value in options.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured; URLs hold passwords and never show in a representation.

    Attributes:
        data_dir: where ``up`` keeps its data and says what runs.
        admin_database_url: read by ``migrate`` and ``up`` only.
        database_urls: role (``writer``, ``reader``, ``relay``, ``projector``) -> URL.
        kafka: the broker.
        topic_prefix: keeps logs apart on one broker.
        session_timeout_ms: after this a consumer group gives a silent member's partitions to others.
        consumers: how many consumer processes ``up`` runs; they share the partitions.
        import_workers: processes that prepare the blocks of a large file.
    """

    data_dir: Path
    admin_database_url: str | None = field(repr=False)
    database_urls: Mapping[str, str] = field(repr=False)
    kafka: KafkaSettings
    topic_prefix: str = ""
    session_timeout_ms: int = _DEFAULT_SESSION_TIMEOUT_MS
    consumers: int = 1
    import_workers: int = _DEFAULT_IMPORT_WORKERS

    def database_url(self, role: str) -> str:
        """Give a role's URL.

        Raises:
            ServicesNotRunning: ``services.not_running``.
        """
        if role not in self.database_urls:
            raise ServicesNotRunning(self._nothing_runs(f"{_PREFIX}{role.upper()}_DATABASE_URL"))
        return self.database_urls[role]

    def require_admin(self) -> str:
        """Give the administrator's URL (errors as ``database_url``)."""
        if self.admin_database_url is None:
            raise ServicesNotRunning(self._nothing_runs(f"{_PREFIX}DATABASE_URL"))
        return self.admin_database_url

    def require_bootstrap(self) -> str:
        """Give the broker's address (errors as ``database_url``)."""
        if self.kafka.bootstrap is None:
            raise ServicesNotRunning(self._nothing_runs(f"{_PREFIX}KAFKA_BOOTSTRAP"))
        return self.kafka.bootstrap

    def _nothing_runs(self, variable: str) -> str:
        elsewhere = "" if self.data_dir == Path(_DEFAULT_DATA_DIR) else f" --data-dir {shlex.quote(str(self.data_dir))}"
        return f"no services run in {self.data_dir}; start them with `lodestone up{elsewhere}` (or set {variable})"


def load_settings(environ: Mapping[str, str], data_dir: Path | None = None) -> Settings:
    """Make settings from an environment, completed by what runs in the data directory.

    Args:
        environ: ``LODESTONE_...`` variables; all others are ignored.
        data_dir: goes before ``LODESTONE_DATA_DIR``.

    Raises:
        SettingWrong: ``settings.wrong``.
    """
    place = data_dir or Path(environ.get(f"{_PREFIX}DATA_DIR") or _DEFAULT_DATA_DIR)
    running = _running_services(place)
    urls = {role: _database_url(environ, f"{role.upper()}_DATABASE_URL") or running.get(role) for role in ROLES}
    timeout = environ.get(f"{_PREFIX}SESSION_TIMEOUT_MS")
    workers = environ.get(f"{_PREFIX}IMPORT_WORKERS")
    return Settings(
        data_dir=place,
        admin_database_url=_database_url(environ, "DATABASE_URL"),
        database_urls={role: url for role, url in urls.items() if url},
        kafka=_kafka(environ, running),
        topic_prefix=forms.topic_prefix(f"{_PREFIX}TOPIC_PREFIX", environ.get(f"{_PREFIX}TOPIC_PREFIX") or "")
        or running.get("topic_prefix", ""),
        session_timeout_ms=forms.milliseconds(f"{_PREFIX}SESSION_TIMEOUT_MS", timeout, _SHORTEST_SESSION_TIMEOUT_MS)
        if timeout
        else running.get("session_timeout_ms", _DEFAULT_SESSION_TIMEOUT_MS),
        consumers=forms.whole(f"{_PREFIX}CONSUMERS", environ.get(f"{_PREFIX}CONSUMERS") or "1", 1, _MOST_CONSUMERS),
        import_workers=forms.whole(f"{_PREFIX}IMPORT_WORKERS", workers, 1, _MOST_IMPORT_WORKERS)
        if workers
        else _DEFAULT_IMPORT_WORKERS,
    )


def current_settings(data_dir: Path | None = None) -> Settings:
    """Make settings from this process's environment."""
    return load_settings(os.environ, data_dir)


def environment_without_settings() -> dict[str, str]:
    """Give this process's environment less everything of ours, for children that must not be configured by it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_PREFIX)}


def child_environment(settings: Settings) -> dict[str, str]:
    """Give the environment in which a child finds exactly these services; the administrator's URL stays here."""
    environment = environment_without_settings()
    environment[f"{_PREFIX}DATA_DIR"] = str(settings.data_dir)
    for role, url in settings.database_urls.items():
        environment[f"{_PREFIX}{role.upper()}_DATABASE_URL"] = url
    for name in KafkaSettings.__slots__:
        value = getattr(settings.kafka, name)
        if value is not None:
            environment[f"{_PREFIX}KAFKA_{name.upper()}"] = value
    environment[f"{_PREFIX}TOPIC_PREFIX"] = settings.topic_prefix
    environment[f"{_PREFIX}SESSION_TIMEOUT_MS"] = str(settings.session_timeout_ms)
    return environment


def write_running_services(settings: Settings) -> None:
    """Say in the data directory what runs, readable by its owner alone."""
    place = settings.data_dir / SERVICES_FILE
    partial = place.with_suffix(".partial")
    found = {
        "pid": os.getpid(),
        **settings.database_urls,
        "kafka_bootstrap": settings.kafka.bootstrap,
        "topic_prefix": settings.topic_prefix,
        "session_timeout_ms": settings.session_timeout_ms,
    }
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(found, file)
    partial.replace(place)


def forget_running_services(data_dir: Path) -> None:
    """Say that nothing runs any more."""
    (data_dir / SERVICES_FILE).unlink(missing_ok=True)


def _running_services(data_dir: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((data_dir / SERVICES_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found if _lives(found["pid"]) else {}


def _lives(pid: int) -> bool:
    """Tell whether the `up` that wrote the file runs; killed for good, it could not take its word back."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _kafka(environ: Mapping[str, str], running: Mapping[str, Any]) -> KafkaSettings:
    given = {name: environ.get(f"{_PREFIX}KAFKA_{name.upper()}") or None for name in KafkaSettings.__slots__}
    if given["bootstrap"]:
        forms.bootstrap(f"{_PREFIX}KAFKA_BOOTSTRAP", given["bootstrap"])
    if given["security_protocol"]:
        forms.one_of(f"{_PREFIX}KAFKA_SECURITY_PROTOCOL", given["security_protocol"], _PROTOCOLS)
    given["bootstrap"] = given["bootstrap"] or running.get("kafka_bootstrap")
    return KafkaSettings(**{name: value for name, value in given.items() if value is not None})


def _database_url(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(f"{_PREFIX}{name}")
    return forms.database_url(f"{_PREFIX}{name}", text) if text else None
