"""Volumes straight from filed CSV, by a few lines that share nothing with the code under test."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

Key = tuple[str, str, str, str, str]
NET_MASS = ""


def filed_totals(folder: Path) -> Counter[Key]:
    """Sum nanograms by (measure, client, element or net mass, month, destination); what was voided is left out."""
    voided = {(row["kind"], row["key"]) for row in _rows(folder / "voids.csv")}
    country = {(row["exporter_uscc"], row["client_ref"]): row["country"] for row in _rows(folder / "clients.csv")}
    totals: Counter[Key] = Counter()
    composition: dict[tuple[str, str, str], dict[str, int]] = {}
    grades = sorted(_rows(folder / "grades.csv"), key=lambda row: row["effective_from"])
    for row in _rows(folder / "sales.csv"):
        contract = (row["exporter_uscc"], row["contract_no"])
        text = row.get("composition") or next(
            grade["composition"]
            for grade in reversed(grades)
            if grade["grade"] == row["grade"] and grade["effective_from"] <= row["signed_on"]
        )
        ppm = {part.partition("=")[0]: int(part.partition("=")[2]) for part in text.split(";")}
        composition[*contract, row["line_no"]] = ppm
        if ("sale", "/".join(contract)) not in voided:
            destination = country[row["exporter_uscc"], row["client_ref"]]
            totals.update(_entries(row, ("sold", row["signed_on"][:7], destination), ppm))
    for row in _rows(folder / "shipments.csv"):
        if ("shipment", row["declaration_no"]) not in voided:
            ppm = composition[row["exporter_uscc"], row["contract_no"], row["sale_line_no"]]
            totals.update(_entries(row, ("shipped", row["exported_on"][:7], row["destination"]), ppm))
    return totals


def _entries(row: dict[str, str], of: tuple[str, str, str], ppm: dict[str, int]) -> dict[Key, int]:
    measure, month, destination = of
    client = f"client/{row['exporter_uscc']}/{row['client_ref']}"
    net_mg = int(Decimal(row["net_kg"]).scaleb(6))
    shares = {NET_MASS: 1_000_000, **ppm}
    return {(measure, client, element, month, destination): net_mg * share for element, share in shares.items()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
