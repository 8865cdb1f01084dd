"""A command loads what it needs itself, and nothing of the others."""

import subprocess
import sys

import pytest

_RUN = """
import sys
from interfaces.cli.main import run
run([sys.argv[1], "--help"])
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"kafka", "projections", "consumers"}))
"""


@pytest.mark.parametrize(("command", "loaded"), [("import", ""), ("relay", "consumers kafka projections")])
def test_an_import_needs_no_kafka_and_no_read_models(command: str, loaded: str) -> None:
    """Its start is a part of every import; what is put together in the other root loads them."""
    line = [sys.executable, "-c", _RUN, command]
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == loaded
