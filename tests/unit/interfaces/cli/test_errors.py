"""One line with a code, and the exit code that a script can act on."""

import pytest

from application.ports import StoreUnavailable
from domain.mass import MassMalformed
from interfaces.cli.errors import present


class _NotYet(Exception):
    code = "position.not_yet"


class _NoBroker(Exception):
    code = "kafka.unavailable"


class _NotRunning(Exception):
    code = "services.not_running"


@pytest.mark.parametrize(
    ("error", "exit_code", "code"),
    [
        (StoreUnavailable("gone"), 3, "store.unavailable"),
        (_NoBroker("gone"), 3, "kafka.unavailable"),
        (_NotRunning("nothing runs; start it with `lodestone up`"), 3, "services.not_running"),
        (ConnectionRefusedError("refused"), 3, "services.out_of_reach"),
        (_NotYet("at 3"), 4, "position.not_yet"),
        (MassMalformed("no"), 2, "mass.malformed"),
        (FileNotFoundError(2, "No such file", "x.csv"), 2, "file.unusable"),
        (ZeroDivisionError("1/0"), 2, "internal.error"),
    ],
)
def test_every_error_is_one_line_with_its_code(
    error: Exception, exit_code: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line ends with the code, and nothing goes to standard output."""
    assert present(error, debug=False) == exit_code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.endswith(f" [{code}]\n")
    assert printed.err.count("\n") == 1


def test_a_message_with_line_breaks_and_escapes_stays_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Data in a message cannot write on the terminal."""
    present(MassMalformed("a\nb\x1b[2Jc"), debug=False)
    assert capsys.readouterr().err == "error: a b\\u001b[2Jc [mass.malformed]\n"


def test_a_traceback_is_for_debugging_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --debug an unforeseen error says how to see more; with it the place is shown."""
    present(ZeroDivisionError("1/0"), debug=False)
    quiet = capsys.readouterr().err
    assert "--debug" in quiet
    assert "ZeroDivisionError" in quiet
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        present(error, debug=True)
    assert "Traceback" in capsys.readouterr().err
    assert "Traceback" not in quiet
