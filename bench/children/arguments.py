"""What every program that appends is told."""

from argparse import ArgumentParser
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Appending:
    """What to append, and how many at once.

    Attributes:
        url: of the database.
        trade: sales of the trade that the deals belong to.
        first: number of the first deal.
        count: how many are appended in the timed part; a tenth as many go first and count for nothing.
        concurrent: commands under way at a time.
    """

    url: str
    trade: int
    first: int
    count: int
    concurrent: int

    @property
    def warm_up(self) -> int:
        """Give how many go first."""
        return max(self.count // 10, 1)


def appending() -> Appending:
    """Read the command line."""
    parser = ArgumentParser()
    parser.add_argument("--url", required=True)
    for name in ("trade", "first", "count", "concurrent"):
        parser.add_argument(f"--{name}", type=int, required=True)
    return Appending(**vars(parser.parse_args()))
