"""How a program that is measured tells its figure: one line of JSON, its last on standard output."""

import json
import sys


def tell_figure(count: float, seconds: float) -> None:
    """Tell how many were done in which time; no whole number where only a part of a run is timed."""
    sys.stdout.write(json.dumps({"count": count, "seconds": seconds}) + "\n")
