"""What is imported is declared, what is declared is pinned, what is pinned is locked."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.architecture.tree import PRODUCT, ROOT, SourceFile, tracked_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def imported_packages(file: SourceFile) -> Iterator[str]:
    """Give the top-level name of everything that a file imports."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_imported_package_is_declared() -> None:
    """The product imports nothing that it only has because another package brings it."""
    files = [file for file in tracked_files() if file.is_product and file.is_python]
    imported = {name for file in files for name in imported_packages(file)} - sys.stdlib_module_names - {*PRODUCT}
    declared = {re.split(r"[\[=]", pin)[0] for pin in PROJECT["project"]["dependencies"]}
    known = {name: {each.replace("_", "-") for each in found} for name, found in packages_distributions().items()}
    undeclared = [name for name in sorted(imported) if not declared & known.get(name, set())]
    assert "pydantic" in imported
    assert undeclared == []


def test_every_dependency_is_pinned_and_locked() -> None:
    """Each pin of pyproject.toml is the version in the lock files, where every version has hashes."""
    runtime, groups = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]
    wanted = {
        "runtime": runtime,
        "build": groups["build"],
        "bench-peers": groups["bench-peers"],
        "dev": [*runtime, *groups["build"], *groups["dev"]],
    }
    for name, pins in wanted.items():
        lock = (ROOT / "requirements" / f"{name}.txt").read_text()
        locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
        exact = {re.sub(r"\[.*\]", "", pin).lower(): pin for pin in pins if isinstance(pin, str)}
        assert all("==" in pin for pin in exact.values())
        assert {key.split("==")[0]: key.split("==")[1] for key in exact}.items() <= locked.items(), name
        assert len(locked) == len(re.findall(r"^\S+==.*\\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)), name
