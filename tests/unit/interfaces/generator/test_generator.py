"""Generated filings: the same for a seed, plausible, and wrong only where they say so."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from domain.composition import check_composition, parse_composition
from domain.identifiers import is_valid_container, is_valid_lei, is_valid_uscc
from interfaces.cli.formats.kinds import KINDS
from interfaces.generator import identifiers
from interfaces.generator.files import write
from interfaces.generator.mistakes import plant
from interfaces.generator.rows import HEADERS, Filings, generated


def _rows(filings: Filings, kind: str) -> list[dict[str, str]]:
    return [dict(zip(HEADERS[kind], row, strict=True)) for filing in filings[kind] for row in filing]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Another seed gives others."""
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        filings = generated(100, seed)
        write(tmp_path / name, filings, plant(filings, seed))
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert _bytes(tmp_path / "a")["sales.csv"] != _bytes(tmp_path / "c")["sales.csv"]


@pytest.mark.parametrize("seed", range(8))
def test_few_sales_have_filings_of_every_kind(seed: int) -> None:
    """And mistakes can be planted among them."""
    filings = generated(20, seed)
    assert [kind for kind in KINDS if not filings[kind]] == []
    assert plant(filings, seed)


def test_headers_are_those_of_the_formats() -> None:
    """In the documented order."""
    assert list(HEADERS) == list(KINDS)
    assert {name: tuple(column.name for column in kind.columns) for name, kind in KINDS.items()} == HEADERS


def test_identifiers_hold_their_checks() -> None:
    """As the code that judges them sees it."""
    random = Random(1)  # noqa: S311 - reproducible
    assert all(is_valid_uscc(identifiers.uscc(random)) for _ in range(500))
    assert all(is_valid_lei(identifiers.lei(random)) for _ in range(500))
    assert all(is_valid_container(identifiers.container(random)) for _ in range(500))


def test_compositions_can_be() -> None:
    """Nominal ones and assays."""
    filings = generated(300, 3)
    stated = [row["composition"] for kind in ("grades", "sales") for row in _rows(filings, kind) if row["composition"]]
    for text in stated:
        check_composition(parse_composition(text))
    assert len(stated) > 50


def test_shipments_draw_no_more_than_was_sold() -> None:
    """And none leaves before its contract is signed."""
    filings = generated(400, 4)
    left: dict[tuple[str, str, str], Decimal] = {}
    signed: dict[tuple[str, str], str] = {}
    for row in _rows(filings, "sales"):
        left[row["exporter_uscc"], row["contract_no"], row["line_no"]] = Decimal(row["net_kg"])
        signed[row["exporter_uscc"], row["contract_no"]] = row["signed_on"]
    for row in _rows(filings, "shipments"):
        left[row["exporter_uscc"], row["contract_no"], row["sale_line_no"]] -= Decimal(row["net_kg"])
        assert row["exported_on"] > signed[row["exporter_uscc"], row["contract_no"]]
    assert min(left.values()) >= 0
    assert any(each == 0 for each in left.values())


def test_trade_is_wide_and_voids_are_few() -> None:
    """Years, many grades and destinations; a few percent voided; one party under several exporters."""
    filings = generated(3_000, 9)
    sales, voids = _rows(filings, "sales"), Counter(row["kind"] for row in _rows(filings, "voids"))
    assert len({row["signed_on"][:4] for row in sales}) >= 4
    assert len({row["grade"] for row in sales}) >= 10
    assert len({row["destination"] for row in _rows(filings, "shipments")}) >= 10
    assert 0.01 < voids["sale"] / 3_000 < 0.04
    assert voids["shipment"] > 0
    assert max(date.fromisoformat(row["exported_on"]) for row in _rows(filings, "shipments")) < date(2025, 12, 31)
    leis = Counter(row["lei"] for row in _rows(filings, "clients") if row["lei"])
    assert max(leis.values()) > 1


def test_mistakes_are_listed_where_they_stand(tmp_path: Path) -> None:
    """One for each code, each in the file and line it says."""
    filings = generated(100, 2)
    planted = plant(filings, 2)
    write(tmp_path, filings, planted)
    listed = json.loads((tmp_path / "errors.json").read_text(encoding="utf-8"))
    assert len(listed) == len(planted) >= 40
    for mistake in listed:
        lines = (tmp_path / mistake["file"]).read_text(encoding="utf-8").splitlines()
        assert 2 <= mistake["line"] <= len(lines)
    short = next(each for each in listed if each["code"] == "row.field_count")
    line = (tmp_path / "sales.csv").read_text(encoding="utf-8").splitlines()[short["line"] - 1]
    assert len(line.split(",")) != len(HEADERS["sales"])


def test_without_mistakes_none_are_listed(tmp_path: Path) -> None:
    """And a list of an earlier run is gone."""
    (tmp_path / "errors.json").write_text("[]", encoding="utf-8")
    write(tmp_path, generated(30, 1), None)
    assert not (tmp_path / "errors.json").exists()
