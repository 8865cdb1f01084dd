"""What every command does around its own work: settings, logging, errors, a closed pipe."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from infra.logging import configure_logging
from infra.settings import Settings, current_settings
from interfaces.cli.errors import DONE, present


@contextmanager
def session(data_dir: Path | None, *, debug: bool) -> Iterator[Settings]:
    """Give the settings to a command's body and turn what it raises into one line and an exit code.

    A reader that closes the pipe early (``| head``) has seen enough: that is a success.
    """
    configure_logging(json=not sys.stderr.isatty(), debug=debug)
    try:
        yield current_settings(data_dir)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends; give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(DONE) from None
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except Exception as error:
        raise typer.Exit(present(error, debug=debug)) from error
