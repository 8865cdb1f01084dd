"""A sample of the random sequences of filings, through the command line, Kafka and the read models."""

import csv
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.support.command_line import CommandLine
from tests.support.random_trade import Ledger, PlainTrade, Step, opening, random_steps

pytestmark = [pytest.mark.kafka, pytest.mark.embedded, pytest.mark.timeout(600)]

Months = Counter[tuple[str, str, str | None, str | None, str]]


@pytest.mark.parametrize("seed", [3, 40])
def test_volumes_are_what_is_in_force(tmp_path: Path, seed: int) -> None:
    """Every kind, from exporters and customs; what was accepted is what the command says it accepted."""
    lodestone, model, accepted, position = CommandLine(tmp_path / "data"), PlainTrade(), Counter[str](), 0
    with lodestone.up():
        for number, step in enumerate([*opening(), *random_steps(Random(seed))]):  # noqa: S311 - reproducible
            filed = lodestone.run("import", *_file(tmp_path, number, step), "--source", step.source, "--json")
            assert filed.code == (1 if filed.json["refused"] else 0), filed.err
            if filed.json["accepted"]:
                accepted[step.source] += 1
                position = filed.json["position"]
                model.accept(step)
        assert _asked(lodestone, position) == _by_month(model.in_force())
        assert all(each["checked"] is True for each in lodestone.ask("rebuild")["read_models"])
        assert _asked(lodestone, position) == _by_month(model.in_force())
    assert min(accepted["customs"], accepted["exporter"]) > 2


def _file(folder: Path, number: int, step: Step) -> list[str]:
    path = folder / f"{number}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(step.rows[0]))
        writer.writeheader()
        writer.writerows(step.rows)
    return [step.kind, str(path)]


def _asked(lodestone: CommandLine, position: int) -> Months:
    found: Months = Counter()
    for by in ("client,destination,element,month", "client,destination,month"):
        for row in lodestone.ask("volumes", "--by", by, "--min-position", str(position), "--timeout", "90")["rows"]:
            key = (row["measure"], row["client"], row["destination"], row.get("element"), row["month"])
            found[key] += int(row["ng"])
    return found


def _by_month(ledger: Ledger) -> Months:
    months: Months = Counter()
    for (measure, client, destination, element, day), ng in ledger.items():
        months[measure, client, destination, element, day[:7]] += ng
    return Counter({key: ng for key, ng in months.items() if ng})
