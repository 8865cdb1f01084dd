"""The tour of the README, copied line by line."""

import os
import re
import subprocess
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, clean_environment

pytestmark = [pytest.mark.kafka, pytest.mark.embedded, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOUR = README[README.index("## Five minutes") : README.index("## What it promises")]
BLOCKS = re.findall(r"```(sh|text)\n(.*?)```", TOUR, re.DOTALL)
ANYTHING = "…"


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The second terminal: a folder beside the running system."""
    lodestone = CommandLine(tmp_path / ".lodestone")
    with lodestone.up():
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        yield {**clean_environment(), "PATH": path, "PWD": str(tmp_path)}


def test_the_tour_does_what_it_says(shell: dict[str, str]) -> None:
    """Every command in order, and every line of output that is shown."""
    (_, first), *steps = BLOCKS
    assert first.strip() == ".venv/bin/lodestone up"
    assert len(steps) > 20
    for (kind, commands), (following, shown) in zip_longest(steps, steps[1:], fillvalue=("", "")):
        if kind == "sh":
            # The path of the checkout is the shell's already.
            ran = subprocess.run(
                ["bash", "-c", commands.replace("export PATH", ": ")],
                cwd=shell["PWD"],
                env=shell,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert ran.returncode == 0, f"{commands}{ran.stdout}{ran.stderr}"
            if following == "text":
                _assert_shown(shown, ran.stdout)


def _assert_shown(shown: str, printed: str) -> None:
    """Every line shown was printed, in order; the ellipsis stands for anything, blanks for any width."""
    lines = iter(printed.splitlines())
    for line in shown.splitlines():
        pattern = r".*".join(r"\s+".join(map(re.escape, part.split())) for part in line.split(ANYTHING))
        found = any(re.fullmatch(rf"\s*{pattern}\s*", each) for each in lines)
        assert found, f"{line!r} is not in order in:\n{printed}"
