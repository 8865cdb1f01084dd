"""Volumes straight from filed CSV, by a few lines that share nothing with the code under test."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

Key = tuple[str, str, str, str, str]
NET_MASS = ""


def filed_totals(folder: Path) -> Counter[Key]:
    """Sum nanograms by (measure, client, element or net mass, month, destination); what was voided is left out."""
    filed = _Filed(folder)
    totals: Counter[Key] = Counter()
    for contract, rows in filed.sales.items():
        if ("sale", "/".join(contract)) in filed.voided:
            continue
        sold_to = filed.country[rows[0]["exporter_uscc"], rows[0]["client_ref"]]
        for row in rows:
            ppm = filed.composition[*contract, row["line_no"]]
            totals.update(_entries(row, row["net_kg"], ("sold", row["signed_on"][:7], sold_to), ppm))
        for row in filed.cancellations[contract]:
            of = ("cancelled", row["cancelled_on"][:7], sold_to)
            ppm = filed.composition[*contract, row["line_no"]]
            totals.update(_entries(rows[0], row["cancelled_kg"], of, ppm))
    for number, rows in filed.shipments.items():
        if ("shipment", number) in filed.voided:
            continue
        for row in rows:
            ppm = filed.composition[row["exporter_uscc"], row["contract_no"], row["sale_line_no"]]
            totals.update(_entries(row, row["net_kg"], ("shipped", row["exported_on"][:7], row["destination"]), ppm))
            for received in filed.deliveries[number, row["line_no"]]:
                of = ("received", received["received_on"][:7], row["destination"])
                totals.update(_entries(row, received["received_kg"], of, ppm))
    return totals


class _Filed:
    """The files, with corrections in place of what they correct; no correction changes a composition."""

    def __init__(self, folder: Path) -> None:
        self.voided = {(row["kind"], row["key"]) for row in _rows(folder / "voids.csv")}
        listed = [*_rows(folder / "clients.csv"), *_rows(folder / "client_amendments.csv")]
        self.country = {(row["exporter_uscc"], row["client_ref"]): row["country"] for row in listed}
        self.sales = _last(folder, "sales", "sale_corrections", ("exporter_uscc", "contract_no"))
        shipments = _last(folder, "shipments", "shipment_corrections", ("declaration_no",))
        self.shipments = {key[0]: rows for key, rows in shipments.items()}
        self.cancellations: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
        for row in _rows(folder / "cancellations.csv"):
            self.cancellations[row["exporter_uscc"], row["contract_no"]].append(row)
        self.deliveries: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        for row in _rows(folder / "deliveries.csv"):
            self.deliveries[row["declaration_no"], row["line_no"]].append(row)
        grades = sorted(_rows(folder / "grades.csv"), key=lambda row: row["effective_from"])
        self.composition = {
            (*contract, row["line_no"]): _ppm(row, grades) for contract, rows in self.sales.items() for row in rows
        }


def _last(
    folder: Path, kind: str, corrections: str, key: tuple[str, ...]
) -> dict[tuple[str, ...], list[dict[str, str]]]:
    """Give the rows of each filing, as the last correction states them."""
    found: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    numbers: dict[tuple[str, ...], int] = {}
    for row in [*_rows(folder / f"{kind}.csv"), *_rows(folder / f"{corrections}.csv")]:
        name, number = tuple(row[column] for column in key), int(row.get("correction_no", 0))
        if number > numbers.setdefault(name, 0):
            found[name], numbers[name] = [], number
        found[name].append(row)
    return found


def _ppm(row: dict[str, str], grades: list[dict[str, str]]) -> dict[str, int]:
    text = row.get("composition") or next(
        grade["composition"]
        for grade in reversed(grades)
        if grade["grade"] == row["grade"] and grade["effective_from"] <= row["signed_on"]
    )
    return {part.partition("=")[0]: int(part.partition("=")[2]) for part in text.split(";")}


def _entries(row: dict[str, str], kg: str, of: tuple[str, str, str], ppm: dict[str, int]) -> dict[Key, int]:
    measure, month, destination = of
    client = f"client/{row['exporter_uscc']}/{row['client_ref']}"
    net_mg = int(Decimal(kg).scaleb(6))
    shares = {NET_MASS: 1_000_000, **ppm}
    return {(measure, client, element, month, destination): net_mg * share for element, share in shares.items()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
