"""What every consumer of the benchmark is told."""

from argparse import ArgumentParser
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """Where to read, and where to write.

    Attributes:
        bootstrap: of the broker.
        topic: to read from its beginning.
        url: of the database.
        batch: messages of one transaction, at most.
        group: of consumers, never used before.
    """

    bootstrap: str
    topic: str
    url: str
    batch: int
    group: str


def work() -> Work:
    """Read the command line."""
    parser = ArgumentParser()
    for name in ("bootstrap", "topic", "url", "group"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--batch", type=int, required=True)
    return Work(**vars(parser.parse_args()))
