"""`lodestone demo`: the whole way of a filing, shown on generated ones."""

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from infra.settings import environment_without_settings
from interfaces.cli.child import Lodestone
from interfaces.cli.flags import Debug
from interfaces.cli.generate import FEWEST_SALES
from interfaces.cli.rendering import counted, print_line
from interfaces.cli.session import session

_SEED = "7"
_ELEMENT = "Dy"
_TERMINATED = 143

Sales = Annotated[
    int, typer.Option("--sales", metavar="N", min=FEWEST_SALES, help="How many sales to generate and file.")
]
Place = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="DIR", help="Where it keeps its data. Default: ./.lodestone-demo-N"),
]


def demo(*, sales: Sales = 20_000, data_dir: Place = None, debug: Debug = False) -> None:
    """All of it on generated sales, on embedded services, in a data directory of its own."""
    with session(None, debug=debug), _ending_on_sigterm():
        place = data_dir or Path(f".lodestone-demo-{sales}")
        filings = place / "filings"
        filings.mkdir(parents=True, exist_ok=True)
        # Services that the environment names are never touched: this is a demonstration.
        lodestone = Lodestone(place, environment_without_settings())
        _say("1. Start PostgreSQL, a Kafka broker, the relay and the consumers")
        with lodestone.up(place / "up.log"):
            _file(lodestone, filings, sales)
            exporter = _ask(lodestone)
        _say_what_next(place, exporter)


def _file(lodestone: Lodestone, filings: Path, sales: int) -> None:
    _say(f"2. Generate {sales} sales of fictitious firms, with their shipments and a few percent of voids")
    lodestone.show("generate", "--sales", str(sales), "--seed", _SEED, "--out", str(filings))
    _say("3. File them: every filing becomes immutable events")
    filed = lodestone.ask("import", str(filings), announce=True)
    counts = f"{filed['accepted']} accepted, {filed['refused']} refused, {filed['already_filed']} already filed"
    print_line(f"{counted(filed['rows'], 'row')}: {counts}; the log is at position {filed['position']}")
    _say("4. Wait until the read models, fed through Kafka, have reached that position; then ask")
    lodestone.show("volumes", "--by", "element", "--min-position", str(filed["position"]))


def _ask(lodestone: Lodestone) -> str:
    """Ask every kind of question; give the exporter of the explained figure."""
    lodestone.show("volumes", "--by", "destination", "--element", _ELEMENT, "--measure", "shipped")
    _say("5. Why is a figure what it is? Every entry behind it, summing exactly to it")
    of = ["--measure", "shipped", "--element", _ELEMENT]
    figure = _a_figure(lodestone.ask("volumes", "--by", "client,exporter,month", *of))
    question = [*of, "--client", figure["client"], "--from", figure["month"], "--to", figure["month"]]
    lodestone.show("explain", *question)
    entries = lodestone.ask("explain", *question)["rows"]
    _say("6. Who sold what to whom?")
    lodestone.show("trail", entries[0]["stream"])
    _say("7. The same question as it was known half way, and as it is known now")
    position = lodestone.ask("status")["head"]
    for known_at in (position // 2, position):
        lodestone.show("volumes", "--element", _ELEMENT, "--as-known-at", str(known_at))
    return f"exporter/{figure['exporter']}"


def _a_figure(answer: dict[str, Any]) -> dict[str, Any]:
    """Choose the largest figure: there is something to explain."""
    figure: dict[str, Any] = max(answer["rows"], key=lambda row: int(row["ng"]))
    return figure


def _say_what_next(place: Path, exporter: str) -> None:
    where = shlex.quote(str(place))
    _say("Everything is stopped again. What to try next:")
    for line in (
        f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"     (so that `lodestone` is found)',
        f"lodestone up --data-dir {where}     (keeps serving what was filed; then, in another terminal:)",
        f"lodestone volumes --by party,element --data-dir {where}",
        f"lodestone audit {exporter} --data-dir {where}",
        f"lodestone replay --from 1 --to 10 --data-dir {where}",
        "lodestone --help     (all commands; README.md has a tour)",
    ):
        print_line(f"  {line}")


def _say(text: str) -> None:
    print_line("")
    print_line(text)


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the demonstration in order, so that it leaves no process behind."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
