"""Steps of who sold what to whom, in milligrams, and what streams are called."""

import pytest

from projections.decoding import Decoder
from projections.trade_trail.fold import TradeTrail, label_of
from tests.support.samples import Table, folded, sample

EXPORTER = "exporter/91999999MA20682835"
CLIENT = "client/91999999MA20682835/C-1001"
SALE = "sale/91999999MA20682835/S/2025-0001"
SHIPMENT = "shipment/999920250000000001"
WHO = {"exporter": EXPORTER, "client": CLIENT, "sale": SALE}


def _steps(kind: str, **other: object) -> Table:
    return folded(TradeTrail(Decoder()), sample(kind, 9, **other)[0]).get("trail_steps", [])


def _said(kind: str) -> list[tuple[str | None, ...]]:
    names = ("ordinal", "line_no", "measure", "business_date", "shipment", "net_mg")
    return [tuple(step[name] for name in names) for step in _steps(kind)]


def test_a_sale_is_a_step_for_each_line() -> None:
    """From no shipment, on the day it was signed."""
    assert _said("sale.recorded") == [
        ("0", "1", "sold", "2025-03-10", None, "1250500000"),
        ("0", "2", "sold", "2025-03-10", None, "1"),
    ]


def test_a_correction_takes_back_line_by_line() -> None:
    """What stood, below nothing, then what is stated; receipts move with their shipment."""
    assert _said("shipment.corrected") == [
        ("0", "1", "shipped", "2025-04-01", SHIPMENT, "-600000000"),
        ("1", "1", "received", "2025-05-02", SHIPMENT, "-598250000"),
        ("2", "1", "shipped", "2025-04-01", SHIPMENT, "601000000"),
        ("3", "1", "received", "2025-05-02", SHIPMENT, "598250000"),
    ]


@pytest.mark.parametrize("kind", ["sale.recorded", "sale.line_cancelled", "shipment.exported", "shipment.voided"])
def test_every_step_says_who(kind: str) -> None:
    """Exporter, client and sale, at the event's position."""
    steps = _steps(kind)
    assert steps
    assert [{name: step[name] for name in WHO} for step in steps] == [WHO] * len(steps)
    assert {step["position"] for step in steps} == {"9"}


def test_a_delivery_carries_its_reason() -> None:
    """Each line its own; a line without one says so with an empty text, which ends an older reason."""
    assert [step["reason"] for step in _steps("shipment.delivery_confirmed")] == ["shortage"]
    line = {"line_no": 1, "net_mg": 600_000_000, "ppm": {"Dy": 20_500}, "reason": None}
    assert [step["reason"] for step in _steps("shipment.delivery_confirmed", lines=[line])] == [""]
    assert [step["reason"] for step in _steps("shipment.exported")] == [None]
    assert {step["reason"] for step in _steps("shipment.voided")} == {""}


@pytest.mark.parametrize("kind", ["sale.drawn", "sale.draw_released", "grade.defined", "client.registered"])
def test_draws_and_papers_are_no_steps(kind: str) -> None:
    """Shipments speak for themselves."""
    assert _steps(kind) == []


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("exporter.registered", "示例磁材有限公司"),
        ("client.registered", "Beispiel Antriebe GmbH"),
        ("client.details_amended", "Beispiel Antriebe GmbH"),
        ("sale.recorded", None),
    ],
)
def test_firms_are_called_by_their_names(kind: str, label: str | None) -> None:
    """From the event's position on; the key of a sale says enough."""
    envelope, event = sample(kind, 3)
    assert label_of(event) == label
    labels = folded(TradeTrail(Decoder()), envelope).get("trail_labels", [])
    named = {"stream": event.stream, "from_position": "3", "label": label}
    assert labels == ([named] if label is not None else [])
