"""The command line: an explicit table of commands, and one place where errors become exit codes."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

import typer

from interfaces.cli.errors import DONE, WRONG_USAGE, present

_HELP: Final = """Traceability of rare-earth magnet exports: file, ask, explain, replay.

Start everything here with `lodestone up`, or see all of it with `lodestone demo`. Flags stand after the command.

Exit codes: 0 done, 1 some filings refused, 2 wrong usage, 3 a service is out of reach, 4 not yet there.

Settings, from the environment or else from what `lodestone up` left in the data directory:
LODESTONE_DATA_DIR (./.lodestone); LODESTONE_DATABASE_URL (an administrator's, read by `migrate` and `up` only);
LODESTONE_WRITER_DATABASE_URL, LODESTONE_READER_DATABASE_URL, LODESTONE_RELAY_DATABASE_URL,
LODESTONE_PROJECTOR_DATABASE_URL (one role each); LODESTONE_KAFKA_BOOTSTRAP and LODESTONE_KAFKA_... for TLS and
SASL (docs/operations.md); LODESTONE_TOPIC_PREFIX."""

# Where each command stands: a process loads the one that it runs, and all of them only to tell of them.
_COMMANDS: Final[Mapping[str, str]] = {
    "up": "interfaces.cli.up:up",
    "generate": "interfaces.cli.generate:generate",
    "import": "interfaces.cli.importing:import_",
    "template": "interfaces.cli.template:template",
    "volumes": "interfaces.cli.volumes:volumes",
    "explain": "interfaces.cli.explain:explain",
    "find": "interfaces.cli.find:find",
    "trail": "interfaces.cli.trail:trail",
    "audit": "interfaces.cli.audit:audit",
    "gaps": "interfaces.cli.gaps:gaps",
    "replay": "interfaces.cli.replay:replay",
    "follow": "interfaces.cli.follow:follow",
    "status": "interfaces.cli.status:status",
    "migrate": "interfaces.cli.migrate:migrate",
    "relay": "interfaces.cli.relay:relay",
    "consume": "interfaces.cli.consume:consume",
    "rebuild": "interfaces.cli.rebuild:rebuild",
    "demo": "interfaces.cli.demo:demo",
}
_PARKED: Final[Mapping[str, str]] = {
    "list": "interfaces.cli.parked:parked_list",
    "retry": "interfaces.cli.parked:parked_retry",
}


def build_app(wanted: str = "") -> typer.Typer:
    """Make the Typer application from the tables above: of the wanted command alone, of all if it is none of them."""
    if wanted in _COMMANDS:
        return _group(_HELP, {wanted: _COMMANDS[wanted]})
    app = _group(_HELP, _COMMANDS)
    app.add_typer(_group("Streams whose events could not be applied to a read model.", _PARKED), name="parked")
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    try:
        # In this mode Typer gives the code of a typer.Exit back, and what the command returned (None) otherwise.
        app = build_app(*arguments[:1])
        code = app(args=list(arguments) or ["--help"], prog_name="lodestone", standalone_mode=False)
    except typer.Abort:
        return WRONG_USAGE
    except Exception as error:  # noqa: BLE001 - wrong usage, and whatever a command let through
        return present(error, debug="--debug" in arguments)
    return code if isinstance(code, int) else DONE


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


def _group(text: str, commands: Mapping[str, str]) -> typer.Typer:
    app = typer.Typer(help=text, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    # Without a callback Typer would take a single command for the whole application.
    app.callback()(_no_command)
    for name, place in commands.items():
        module, _, function = place.partition(":")
        app.command(name)(getattr(import_module(module), function))
    return app


def _no_command() -> None:
    pass


if __name__ == "__main__":
    main()
