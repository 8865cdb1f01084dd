"""The filings of made-up trade as CSV, as an exporter would hand them in."""

import csv
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from bench.trade.deals import Deal, Ground
from interfaces.generator.rows import HEADERS

_GRAMS_OF_A_KG = 1_000
_MG_OF_A_GRAM = 1_000


def write_ground(folder: Path, ground: Ground) -> None:
    """Write exporters, grades and clients; a folder that ``lodestone import`` takes whole."""
    folder.mkdir(parents=True)
    _write(folder / "exporters.csv", HEADERS["exporters"], map(astuple, ground.exporters))
    _write(folder / "grades.csv", HEADERS["grades"], map(astuple, ground.grade_rows))
    _write(folder / "clients.csv", HEADERS["clients"], map(astuple, ground.clients))


def write_sales(path: Path, deals: Iterable[Deal]) -> None:
    """Write the sales of some deals, a row a line."""
    _write(path, HEADERS["sales"], (row for deal in deals for row in _rows(deal)))


def _rows(deal: Deal) -> Iterable[tuple[str, ...]]:
    for line_no, (grade, net_mg) in enumerate(deal.lines, start=1):
        grams = net_mg // _MG_OF_A_GRAM
        net_kg = f"{grams // _GRAMS_OF_A_KG}.{grams % _GRAMS_OF_A_KG:03d}"
        client, day = deal.client, deal.signed_on.isoformat()
        sale = (client.exporter_uscc, deal.contract_no, day, client.client_ref)
        yield (*sale, str(line_no), grade.name, net_kg, "850511", "", "", "")


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
