"""What the documents point to exists, and what they promise of the house holds."""

import re

import pytest

from tests.architecture.tree import ROOT, SourceFile, tracked_files

DOCUMENTS = [file for file in tracked_files() if file.path.suffix == ".md"]
MAX_FILES_OF_A_RECIPE = 5


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.path))
def test_links_lead_somewhere(document: SourceFile) -> None:
    """Every relative link of a document names a file."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.text)
    assert [target for target in targets if not (ROOT / document.path.parent / target).exists()] == []


def test_recipes_stay_short() -> None:
    """Each of the three recipes of the architecture touches at most five places."""
    recipes = re.split(r"^\*\*Add ", _recipes(), flags=re.MULTILINE)[1:]
    counts = [len(re.findall(r"^\d+\. ", recipe, re.MULTILINE)) for recipe in recipes]
    assert len(counts) == len(("event", "read model", "command"))
    assert all(0 < count <= MAX_FILES_OF_A_RECIPE for count in counts), counts


def test_recipes_name_places_that_exist() -> None:
    """Where a name is left open, at least one has such a place."""
    named = re.findall(r"`([a-z]+/[^` ]*)`", _recipes())
    assert len(named) > 2 * MAX_FILES_OF_A_RECIPE
    assert [place for place in named if not list(ROOT.glob(re.sub(r"<[a-z]+>", "*", place).rstrip("/")))] == []


def test_every_exception_from_ruff_has_its_reason() -> None:
    """Each rule that pyproject.toml leaves out says beside it why."""
    text = (ROOT / "pyproject.toml").read_text().partition("[tool.ruff.lint]")[2].partition("[tool.importlinter]")[0]
    exceptions = re.findall(r'^    "[A-Z]+\d+",.*$', text, re.MULTILINE)
    assert exceptions
    assert [line for line in exceptions if not re.search(r"# \S.{8,}", line)] == []


def _recipes() -> str:
    return (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("## Three recipes")[2]
