"""Steps of who sold what to whom, in milligrams, and what streams are called."""

import pytest

from projections.decoding import Decoder
from projections.trade_trail.fold import TradeTrail, label_of
from tests.support.samples import Table, folded, sample

CLIENT = "client/91999999MA20682835/C-1001"
SALE = "sale/91999999MA20682835/S/2025-0001"
SHIPMENT = "shipment/999920250000000001"
WHO = {"client": CLIENT, "sale": SALE}


def _steps(kind: str, **other: object) -> Table:
    return folded(TradeTrail(Decoder()), sample(kind, 9, **other)[0]).get("trail_steps", [])


def _said(kind: str) -> list[tuple[str | None, ...]]:
    names = ("ordinal", "measure", "business_date", "shipment", "net_mg", "line_nos", "line_mg")
    return [tuple(step[name] for name in names) for step in _steps(kind)]


def test_a_sale_is_one_step_with_its_lines() -> None:
    """From no shipment, on the day it was signed; the sum is that of the lines."""
    assert _said("sale.recorded") == [("0", "sold", "2025-03-10", None, "1250500001", "{1,2}", "{1250500000,1}")]


def test_a_correction_takes_back_what_stood() -> None:
    """What stood, below nothing, then what is stated; receipts move with their shipment."""
    assert _said("shipment.corrected") == [
        ("0", "shipped", "2025-04-01", SHIPMENT, "-600000000", "{1}", "{-600000000}"),
        ("1", "received", "2025-05-02", SHIPMENT, "-598250000", "{1}", "{-598250000}"),
        ("2", "shipped", "2025-04-01", SHIPMENT, "601000000", "{1}", "{601000000}"),
        ("3", "received", "2025-05-02", SHIPMENT, "598250000", "{1}", "{598250000}"),
    ]


@pytest.mark.parametrize(
    ("kind", "other", "ordinary"),
    [
        ("sale.recorded", {}, "t"),
        ("shipment.exported", {"violations": []}, "t"),
        ("shipment.exported", {"violations": ["shipment.client_mismatch"]}, "f"),
        ("sale.corrected", {"violations": []}, "f"),
        ("shipment.voided", {"violations": []}, "f"),
    ],
)
def test_what_takes_back_or_breaks_a_rule_is_not_ordinary(kind: str, other: dict[str, object], ordinary: str) -> None:
    """It may bring another client into the sale."""
    assert {step["ordinary"] for step in _steps(kind, **other)} == {ordinary}


@pytest.mark.parametrize("kind", ["sale.recorded", "sale.line_cancelled", "shipment.exported", "shipment.voided"])
def test_every_step_says_who(kind: str) -> None:
    """Client and sale, which names its exporter, at the event's position."""
    steps = _steps(kind)
    assert steps
    assert [{name: step[name] for name in WHO} for step in steps] == [WHO] * len(steps)
    assert {step["position"] for step in steps} == {"9"}


def test_a_delivery_carries_its_reason() -> None:
    """Each line its own; a line without one says so with an empty text, which ends an older reason."""
    assert [step["reasons"] for step in _steps("shipment.delivery_confirmed")] == ['{"shortage"}']
    line = {"line_no": 1, "net_mg": 600_000_000, "ppm": {"Dy": 20_500}, "reason": None}
    assert [step["reasons"] for step in _steps("shipment.delivery_confirmed", lines=[line])] == ['{""}']
    assert [step["reasons"] for step in _steps("shipment.exported")] == [None]
    assert {step["reasons"] for step in _steps("shipment.voided")} == {'{""}'}


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
