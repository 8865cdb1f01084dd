"""Who files: what every event of an import will carry."""

from pathlib import Path

import pytest

from tests.unit.interfaces.cli.conftest import Type


@pytest.mark.parametrize("flag", ["--actor", "--role", "--organisation"])
@pytest.mark.parametrize("value", ["two\nlines", "es\x1bcape", "half \udcff", "x" * 501])
def test_what_no_message_could_carry_is_wrong_usage(type_line: Type, tmp_path: Path, flag: str, value: str) -> None:
    """Control characters and halves of characters are not allowed in a CloudEvents attribute."""
    file = tmp_path / "exporters.csv"
    file.write_text("uscc,name,region\n", encoding="utf-8")
    printed = type_line("import", "exporters", str(file), flag, value, "--data-dir", str(tmp_path))
    assert (printed.code, printed.out) == (2, "")
    assert f"error: {flag} " in printed.err
    assert "[usage.wrong]" in printed.err


def test_any_script_may_file(type_line: Type, tmp_path: Path) -> None:
    """Then it is looked for services, and none run here."""
    file = tmp_path / "exporters.csv"
    file.write_text("uscc,name,region\n", encoding="utf-8")
    printed = type_line("import", "exporters", str(file), "--actor", "李 伟", "--data-dir", str(tmp_path))
    assert printed.code == 3
    assert "[services.not_running]" in printed.err
