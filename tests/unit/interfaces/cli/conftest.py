"""The command line with stand-ins for everything behind it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from infra import bootstrap
from interfaces.cli import session
from interfaces.cli.main import run
from tests.unit.interfaces.cli.fakes import FakeReadSide, entered


@dataclass
class Printed:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Read standard output as the one JSON object that it must be."""
        return json.loads(self.out)


Type = Callable[..., Printed]


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> FakeReadSide:
    """A read side that every reading command gets."""
    fake = FakeReadSide()
    settings = SimpleNamespace(topic_prefix="t.", kafka=SimpleNamespace(bootstrap="127.0.0.1:9"))
    monkeypatch.setattr(session, "current_settings", lambda _: settings)
    monkeypatch.setattr(session, "configure_logging", lambda **_: None)
    monkeypatch.setattr(bootstrap, "read_side", lambda _: entered(fake))
    return fake


@pytest.fixture
def type_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Type:
    """Type a command line; get its exit code and both outputs."""
    # What a test configured would outlive it, with a stream that is closed.
    monkeypatch.setattr(session, "configure_logging", lambda **_: None)

    def typed(*arguments: str) -> Printed:
        code = run(arguments)
        printed = capsys.readouterr()
        return Printed(code, printed.out, printed.err)

    return typed
