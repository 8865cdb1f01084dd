"""An event becomes signed entries; the figures are worked out by hand from the frozen samples."""

from datetime import date

import pytest

from domain.registry import EVENT_TYPES
from projections.entries import VolumeEntry, volume_entries
from tests.support.samples import sample

CLIENT = "client/91999999MA20682835/C-1001"
# 1250.5 kg and 1 mg, of 20500 and 15000 ppm Dy, 268000 and 275000 ppm Nd, 31000 and 30000 ppm Pr.
SOLD = {None: 1_250_500_001_000_000, "Dy": 25_635_250_015_000, "Nd": 335_134_000_275_000, "Pr": 38_765_500_030_000}
# 100 kg, then 1200.5 kg, of the first of them.
CANCELLED = {None: 10**14, "Dy": 2_050_000_000_000, "Nd": 26_800_000_000_000, "Pr": 3_100_000_000_000}
SOLD_ANEW = {None: 1_200_500_000_000_000, "Dy": 24_610_250_000_000, "Nd": 321_734_000_000_000, "Pr": 37_215_500_000_000}
MOVING = {
    *("sale.recorded", "sale.line_cancelled", "sale.corrected", "sale.voided"),
    *("shipment.exported", "shipment.delivery_confirmed", "shipment.corrected", "shipment.voided"),
}


def _taken_back(ng: dict[str | None, int]) -> dict[str | None, int]:
    return {element: -each for element, each in ng.items()}


def _said(entry: VolumeEntry) -> tuple[int, str, date, dict[str | None, int]]:
    return entry.ordinal, entry.measure, entry.business_date, entry.ng


def test_a_sale_is_one_entry_of_all_its_lines() -> None:
    """Net mass and every element, in whole nanograms, on the day it was signed."""
    (entry,) = volume_entries(*sample("sale.recorded", 6))
    assert (entry.position, *_said(entry)) == (6, 0, "sold", date(2025, 3, 10), SOLD)
    assert (entry.exporter, entry.client, entry.destination) == ("91999999MA20682835", CLIENT, "DE")
    assert entry.month == "2025-03"


def test_a_correction_takes_all_back_and_states_all_anew() -> None:
    """Each in its own measure, on the business date of what it takes back; nothing is netted."""
    assert [_said(entry) for entry in volume_entries(*sample("sale.corrected"))] == [
        (0, "sold", date(2025, 3, 10), _taken_back(SOLD)),
        (1, "cancelled", date(2025, 3, 20), _taken_back(CANCELLED)),
        (2, "sold", date(2025, 3, 10), SOLD_ANEW),
        (3, "cancelled", date(2025, 3, 20), CANCELLED),
    ]


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_only_what_moves_volume_has_entries(kind: str) -> None:
    """Draws and everything about parties and grades move none."""
    assert bool(volume_entries(*sample(kind))) == (kind in MOVING)


@pytest.mark.parametrize("kind", ["sale.voided", "shipment.voided"])
def test_a_void_only_takes_back(kind: str) -> None:
    """Every figure of it is below nothing."""
    entries = volume_entries(*sample(kind))
    assert entries
    assert all(ng < 0 for entry in entries for ng in entry.ng.values())
