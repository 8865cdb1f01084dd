"""`lodestone generate`: realistic filings of fictitious firms."""

from pathlib import Path
from typing import Annotated, Final

import typer

from interfaces.cli.flags import Debug
from interfaces.cli.rendering import counted, print_line
from interfaces.cli.session import session
from interfaces.generator.files import write
from interfaces.generator.mistakes import plant
from interfaces.generator.rows import generated

FEWEST_SALES: Final = 20

Sales = Annotated[int, typer.Option("--sales", metavar="N", min=FEWEST_SALES, help="How many sales.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="The same seed gives the same files, byte for byte.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write KIND.csv; made if it is missing.")]
Errors = Annotated[bool, typer.Option("--errors", help="Plant bad rows of every kind and list them in errors.json.")]


def generate(*, out: Out, sales: Sales = 1_000, seed: Seed = 1, errors: Errors = False, debug: Debug = False) -> None:
    """Write filings in every format: years of trade in magnets, with shipments, and a few percent voided."""
    with session(None, debug=debug):
        filings = generated(sales, seed)
        mistakes = plant(filings, seed) if errors else None
        rows = write(out, filings, mistakes)
        counts = ", ".join(f"{len(of_kind)} {kind}" for kind, of_kind in filings.items())
        print_line(f"{rows} rows in {out}: filings of {counts}")
        if mistakes is not None:
            print_line(f"{counted(len(mistakes), 'row')} wrong on purpose: {out / 'errors.json'}")
