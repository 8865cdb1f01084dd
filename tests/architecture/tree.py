"""The tracked files of the repository, as the rules look at them."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("application", "consumers", "domain", "infra", "interfaces", "projections")


@dataclass(frozen=True)
class SourceFile:
    """One tracked text file.

    Attributes:
        path: relative to the repository.
        text: its content.
    """

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Parse it; only for Python files."""
        return ast.parse(self.text, str(self.path))

    @property
    def is_python(self) -> bool:
        """Tell whether it can be parsed."""
        return self.path.suffix == ".py"

    @property
    def is_product(self) -> bool:
        """Tell whether it is part of what is installed."""
        return self.path.parts[0] in PRODUCT


def tracked_files() -> list[SourceFile]:
    """Read every text file that git tracks or would track; what is ignored does not count."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found = []
    for name in sorted(set(listing.stdout.split("\0")) - {""}):
        path = ROOT / name
        if path.is_file():
            found.append(SourceFile(PurePosixPath(name), path.read_text(encoding="utf-8", errors="replace")))
    return found
