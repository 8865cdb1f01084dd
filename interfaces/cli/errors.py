"""What an error looks like on the command line: one line with its code, and an exit code."""

import sys
import traceback
from typing import Final

import typer

from domain.errors import DomainError
from interfaces.cli.rendering import harmless

DONE: Final = 0
SOME_REFUSED: Final = 1
WRONG_USAGE: Final = 2
OUT_OF_REACH: Final = 3
NOT_YET: Final = 4

_EXIT_BY_CODE = {
    "services.not_running": OUT_OF_REACH,
    "store.unavailable": OUT_OF_REACH,
    "kafka.unavailable": OUT_OF_REACH,
    "position.not_yet": NOT_YET,
}
_INTERNAL = "internal.error"
_USAGE = "usage.wrong"


class WrongUsage(DomainError):
    """A flag or argument that says nothing this command understands."""

    code = _USAGE


def code_of(error: Exception) -> str:
    """Give the stable code of an error."""
    if isinstance(error, typer.TyperException):
        return _USAGE
    code = getattr(error, "code", None)
    if isinstance(code, str):
        return code
    if isinstance(error, ConnectionError):
        return "services.out_of_reach"
    return "file.unusable" if isinstance(error, OSError) else _INTERNAL


def exit_code_of(error: Exception) -> int:
    """Give what the process exits with: 2 unless a service is out of reach (3) or the answer is late (4)."""
    if isinstance(error, ConnectionError):
        return OUT_OF_REACH
    return _EXIT_BY_CODE.get(code_of(error), WRONG_USAGE)


def present(error: Exception, *, debug: bool) -> int:
    """Say on standard error what went wrong and give the exit code; a traceback only when debugging."""
    if debug:
        traceback.print_exception(error)
    message = error.format_message() if isinstance(error, typer.TyperException) else str(error)
    code = code_of(error)
    if code == _INTERNAL and not debug:
        message = f"{type(error).__name__}: {message} (run it again with --debug to see where)"
    one_line = " ".join(message.split()) or type(error).__name__
    sys.stderr.write(f"error: {harmless(one_line)} [{code}]\n")
    sys.stderr.flush()
    return exit_code_of(error)
