"""Whose history an event belongs to."""

import pytest

from projections.audit_history.fold import AuditHistory
from projections.decoding import Decoder
from tests.support.samples import folded, sample

EXPORTER = "exporter/91999999MA20682835"
CLIENT = "client/91999999MA20682835/C-1001"
SALE = "sale/91999999MA20682835/S/2025-0001"
SHIPMENT = "shipment/999920250000000001"


@pytest.mark.parametrize(
    ("kind", "subjects"),
    [
        ("exporter.registered", [EXPORTER]),
        ("client.registered", [CLIENT, EXPORTER]),
        ("grade.defined", ["grade/N42SH"]),
        ("sale.recorded", [SALE, EXPORTER, CLIENT]),
        ("sale.drawn", [SALE, EXPORTER, CLIENT]),
        ("sale.corrected", [SALE, EXPORTER, CLIENT]),
        ("shipment.delivery_confirmed", [SHIPMENT, EXPORTER, CLIENT]),
        ("shipment.voided", [SHIPMENT, EXPORTER, CLIENT]),
    ],
)
def test_an_event_touches_its_stream_and_whom_it_names(kind: str, subjects: list[str]) -> None:
    """Each once, at the event's position, with the same words."""
    found = folded(AuditHistory(Decoder()), sample(kind, 6)[0])["audit_entries"]
    assert sorted(str(row["subject"]) for row in found) == sorted(subjects)
    assert {row["position"] for row in found} == {"6"}
    assert len({row["summary"] for row in found}) == 1


def test_a_client_that_a_correction_left_is_touched_too() -> None:
    """What it takes back names the client of before."""
    corrected, _ = sample("sale.corrected", client="client/91999999MA20682835/C-2", restated=[])
    found = folded(AuditHistory(Decoder()), corrected)["audit_entries"]
    assert {row["subject"] for row in found} == {SALE, EXPORTER, CLIENT, "client/91999999MA20682835/C-2"}
