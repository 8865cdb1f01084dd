"""The import contracts of pyproject.toml: kept by the tree, and each sees a violation of it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PRODUCT, ROOT

# contract -> (file, line that breaks it)
VIOLATIONS = {
    "layers": ("domain/mass.py", "import infra.settings\n"),
    "two-sides": ("application/ports.py", "import projections.ports\n"),
    "adapters": ("consumers/ports.py", "import psycopg\n"),
    "domain-externals": ("domain/mass.py", "import msgspec\n"),
    "domain-io": ("domain/mass.py", "import time\n"),
    "no-tests": ("interfaces/cli/main.py", "import tests.architecture.tree\n"),
    "no-bench": ("interfaces/cli/main.py", "import bench.scale\n"),
    "peers": ("bench/peers/messages.py", "import domain.mass\n"),
}


def lint_imports(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree, without its cache."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-c", program, "--no-cache", "--no-logo", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_the_tree_keeps_every_contract() -> None:
    """Every import of the tree is allowed."""
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the packages and the contracts, to plant violations in."""
    for package in (*PRODUCT, "bench", "tests/architecture"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_each_contract_catches_a_violation(copy: Path) -> None:
    """Plant one violation of every contract there is, one after another, and see each caught."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["id"] for contract in contracts} == set(VIOLATIONS)
    for contract, (name, line) in VIOLATIONS.items():
        victim = copy / name
        sound = victim.read_text() if victim.exists() else ""
        victim.write_text(line + sound)
        result = lint_imports(copy, "--contract", contract)
        victim.write_text(sound)
        assert result.returncode == 1, f"{contract}: {result.stdout}{result.stderr}"
        assert "1 broken" in result.stdout, contract
