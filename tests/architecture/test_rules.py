"""The house rules, over the whole tree; and each rule over a file that breaks it."""

from pathlib import PurePosixPath

import pytest

from tests.architecture import rules
from tests.architecture.rules import Rule
from tests.architecture.tree import SourceFile, tracked_files

LONG_BODY = "    x = 1\n" * 41

PLANTED: dict[Rule, list[tuple[str, str]]] = {
    rules.environment_is_read_in_settings_only: [
        ("infra/bootstrap.py", "import os\nx = os.environ['A']\n"),
        ("interfaces/cli/main.py", "from os import getenv\n"),
        ("interfaces/cli/main.py", "typer.Option(envvar='LODESTONE_X')\n"),
    ],
    rules.files_stay_short: [("domain/mass.py", "x = 1\n" * 401)],
    rules.functions_stay_short: [("domain/mass.py", f"def f() -> None:\n    '''Say.'''\n{LONG_BODY}")],
    rules.names_say_something: [
        ("infra/utils.py", ""),
        ("infra/common/settings.py", ""),
        ("infra/broker.py", "class BrokerManager: ...\n"),
    ],
    rules.package_files_are_empty: [("domain/__init__.py", "from domain.mass import parse_kg\n")],
    rules.exceptions_have_reasons: [
        ("domain/mass.py", "x = 1  # no" + "qa: E501\n"),
        ("domain/mass.py", "x = 1  # type: ig" + "nore  (whatever it may be)\n"),
    ],
    rules.nothing_of_this_machine_is_told: [
        ("README.md", "see /wo" + "rk/main\n"),
        ("requirements/dev.txt", "--index-url https://mirror.example/si" + "mple/\n"),
        ("infra/settings.py", "url = 'postgresql://lodestone:hun" + "ter2@db/x'\n"),
        ("infra/key.pem", "-----BEGIN PRIVATE " + "KEY-----\n"),
    ],
    rules.tests_that_are_named_exist: [("consumers/ports.py", "'''Passes ``tests/contract/test_no.py``.'''\n")],
    rules.tests_assert_and_say_what: [
        ("tests/unit/test_x.py", "def test_x():\n    '''Say.'''\n    x = 1\n"),
        ("tests/unit/test_x.py", "def test_x():\n    assert 1\n"),
    ],
}
KEPT: dict[Rule, tuple[str, str]] = {
    rules.functions_stay_short: ("domain/mass.py", f"def f() -> None:\n    '''Say.'''\n{LONG_BODY[10:]}"),
    rules.exceptions_have_reasons: ("domain/mass.py", "x = 1  # no" + "qa: E501  (a table reads better)\n"),
    rules.tests_that_are_named_exist: ("a.md", "see tests/contract/test_event_log.py\n"),
    rules.nothing_of_this_machine_is_told: ("a.md", "postgresql://user:${PASSWORD}@db and interfaces/work/x\n"),
}
BREACHES = [(rule, *sample) for rule, samples in PLANTED.items() for sample in samples]


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    """No tracked file breaks the rule."""
    assert [f"{file.path}: {breach}" for file in tracked_files() for breach in rule(file)] == []


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_breach_is_caught(rule: Rule, path: str, text: str) -> None:
    """The rule sees a file that breaks it, so a silent rule cannot pass for a kept one."""
    assert list(rule(SourceFile(PurePosixPath(path), text)))


@pytest.mark.parametrize("rule", KEPT, ids=lambda rule: rule.__name__)
def test_what_is_allowed_is_not_caught(rule: Rule) -> None:
    """The rule leaves alone what stands just within it."""
    path, text = KEPT[rule]
    assert list(rule(SourceFile(PurePosixPath(path), text))) == []
