"""The command line: an explicit table of commands, and one place where errors become exit codes."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import typer

from interfaces.cli.audit import audit
from interfaces.cli.consume import consume
from interfaces.cli.demo import demo
from interfaces.cli.errors import DONE, WRONG_USAGE, present
from interfaces.cli.explain import explain
from interfaces.cli.find import find
from interfaces.cli.follow import follow
from interfaces.cli.gaps import gaps
from interfaces.cli.generate import generate
from interfaces.cli.importing import import_
from interfaces.cli.migrate import migrate
from interfaces.cli.parked import parked_list, parked_retry
from interfaces.cli.rebuild import rebuild
from interfaces.cli.relay import relay
from interfaces.cli.replay import replay
from interfaces.cli.status import status
from interfaces.cli.template import template
from interfaces.cli.trail import trail
from interfaces.cli.up import up
from interfaces.cli.volumes import volumes

_HELP: Final = """Traceability of rare-earth magnet exports: file, ask, explain, replay.

Start everything here with `lodestone up`, or see all of it with `lodestone demo`. Flags stand after the command.

Exit codes: 0 done, 1 some filings refused, 2 wrong usage, 3 a service is out of reach, 4 not yet there.

Settings, from the environment or else from what `lodestone up` left in the data directory:
LODESTONE_DATA_DIR (./.lodestone); LODESTONE_DATABASE_URL (an administrator's, read by `migrate` and `up` only);
LODESTONE_WRITER_DATABASE_URL, LODESTONE_READER_DATABASE_URL, LODESTONE_RELAY_DATABASE_URL,
LODESTONE_PROJECTOR_DATABASE_URL (one role each); LODESTONE_KAFKA_BOOTSTRAP and LODESTONE_KAFKA_... for TLS and
SASL (docs/operations.md); LODESTONE_TOPIC_PREFIX."""

_COMMANDS: Final[Sequence[tuple[str, Callable[..., Any]]]] = (
    ("up", up),
    ("generate", generate),
    ("import", import_),
    ("template", template),
    ("volumes", volumes),
    ("explain", explain),
    ("find", find),
    ("trail", trail),
    ("audit", audit),
    ("gaps", gaps),
    ("replay", replay),
    ("follow", follow),
    ("status", status),
    ("migrate", migrate),
    ("relay", relay),
    ("consume", consume),
    ("rebuild", rebuild),
    ("demo", demo),
)
_PARKED: Final[Sequence[tuple[str, Callable[..., Any]]]] = (("list", parked_list), ("retry", parked_retry))


def build_app() -> typer.Typer:
    """Make the Typer application from the tables above."""
    app = _group(_HELP, _COMMANDS)
    app.add_typer(_group("Streams whose events could not be applied to a read model.", _PARKED), name="parked")
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    try:
        # In this mode Typer gives the code of a typer.Exit back, and what the command returned (None) otherwise.
        code = build_app()(args=list(arguments) or ["--help"], prog_name="lodestone", standalone_mode=False)
    except typer.Abort:
        return WRONG_USAGE
    except Exception as error:  # noqa: BLE001 - wrong usage, and whatever a command let through
        return present(error, debug="--debug" in arguments)
    return code if isinstance(code, int) else DONE


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


def _group(text: str, commands: Sequence[tuple[str, Callable[..., Any]]]) -> typer.Typer:
    app = typer.Typer(help=text, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    for name, command in commands:
        app.command(name)(command)
    return app


if __name__ == "__main__":
    main()
