"""`make bench`: measures every stage against its baseline, prints the table and writes bench/out/results.json."""

import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from types import FrameType

from rich.console import Console

from bench.measuring.runs import SideFailed
from bench.results import write
from bench.running import LINES, Order, carry_out
from bench.scale import SCALES
from bench.table import show
from infra.embedded.data_dir import DataDirInUse

_HERE = Path(__file__).parent


def main() -> None:
    """Read the command line and carry it out."""
    signal.signal(signal.SIGTERM, _stop)
    parser = ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--stages", default="", help=f"some of {','.join(LINES)}; all by default")
    parser.add_argument("--peers", type=Path, help="the interpreter of the peers' environment; none leaves them out")
    parser.add_argument("--out", type=Path, default=_HERE / "out" / "results.json")
    parser.add_argument("--scratch", type=Path, default=_HERE / "out" / "scratch")
    told = parser.parse_args()
    stages = [name for name in told.stages.split(",") if name] or list(LINES)
    unknown = [name for name in stages if name not in LINES]
    if unknown:
        parser.error(f"no stage {', '.join(unknown)}; there are {', '.join(LINES)}")
    begun = monotonic()
    progress = Console(stderr=True, log_path=False, width=None if sys.stderr.isatty() else 160)
    try:
        found = carry_out(
            Order(SCALES[told.scale], stages, told.peers, told.scratch),
            lambda what: progress.log(what, markup=False, highlight=False),
            lambda so_far: write(told.out, so_far),
        )
    except (SideFailed, DataDirInUse) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit("stopped")
    write(told.out, found)
    progress.log(f"done in {monotonic() - begun:.0f} s", markup=False, highlight=False)
    show(Console(width=None if sys.stdout.isatty() else 200), found)
    sys.stdout.write(f"{told.out}\n")


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # As an ordinary exception, so that everything that was started is stopped.
    sys.exit("stopped")


if __name__ == "__main__":
    main()
