"""The page on formats says what the code does."""

import re
from pathlib import Path

from interfaces.cli.formats.kinds import KINDS

ROOT = Path(__file__).parents[5]
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
# What no import can give: what reading events, serving and asking say.
ELSEWHERE = {
    "domain.error",
    "event.unknown_type",
    "event.unknown_version",
    "event.malformed",
    "filing.contended",
}


def test_every_kind_stands_with_its_columns_and_key() -> None:
    """Names, order, what is optional, and the key."""
    for kind in KINDS.values():
        columns = ", ".join(f"`{column.name}{'' if column.required else '?'}`" for column in kind.columns)
        key = ", ".join(f"`{name}`" for name in kind.key)
        assert f"| `{kind.name}` | {columns} | {key} |" in PAGE


def test_every_code_of_an_import_stands_with_its_mend() -> None:
    """No code is missing, and none is invented."""
    table = PAGE.partition("## Codes")[2]
    documented = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", table))
    assert documented == _codes() - ELSEWHERE


def _codes() -> set[str]:
    declared = re.compile(
        r'code: ClassVar\[str\] = "([a-z_.]+)"'
        r'|(?:FieldError|FileUnreadable|Fault|_one_of|_RowFault)\(\s*(?:[^"()]*,\s*)?"([a-z_]+\.[a-z_]+)"'
    )
    sources = [*(ROOT / "domain").rglob("*.py"), *(ROOT / "interfaces/cli/formats").rglob("*.py")]
    found = {code for path in sources for match in declared.findall(path.read_text(encoding="utf-8")) for code in match}
    return {code for code in found if code} | {"filing.too_large"} | _in_fault_calls(sources)


def _in_fault_calls(sources: list[Path]) -> set[str]:
    """Codes that stand as the second argument of a fault."""
    pattern = re.compile(r'Fault\([^,]+,\s*"([a-z_]+\.[a-z_]+)"')
    return {code for path in sources for code in pattern.findall(path.read_text(encoding="utf-8"))}
