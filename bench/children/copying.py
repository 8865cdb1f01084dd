"""COPY of finished rows into the table of events, with its indexes: nothing can import faster."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic

import psycopg

from bench.children.figure import tell_figure

_CHUNK = 1024 * 1024


def main(url: str, rows: Path) -> None:
    """Copy a file that COPY ... TO wrote, in binary."""
    with psycopg.connect(url) as connection:
        begun = monotonic()
        cursor = connection.cursor()
        with rows.open("rb") as file, cursor.copy(b"COPY lodestone.events FROM STDIN (FORMAT binary)") as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
        connection.commit()
        seconds = monotonic() - begun
    tell_figure(cursor.rowcount, seconds)


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--rows", type=Path, required=True)
    main(**vars(parser.parse_args()))
