"""Given a shipment, when it is corrected, then all is taken back, all stated anew, and its draws move with it."""

from datetime import date
from typing import Any

import pytest

from domain.errors import DomainError
from domain.event import Event
from domain.sale import decide as sales
from domain.sale.events import SaleDrawn, SaleDrawReleased
from domain.sale.state import Sale
from domain.shipment import decide
from domain.shipment.commands import ConfirmDelivery, CorrectShipment, ReceivedLineFiled
from domain.shipment.delivering import confirm_delivery
from domain.shipment.events import ShipmentCorrected
from domain.shipment.sales import DrawnSales
from domain.shipment.state import Shipment
from tests.unit.domain.facts import (
    KG,
    TODAY,
    exported,
    folded,
    line,
    parties,
    refused,
    sale_filing,
    shipment_filing,
    shipped,
)

DAY = date(2025, 6, 20)


def _correct(
    state: Shipment, sale: Sale, *lines: Any, stated: Sale | None = None, number: int = 1, **changes: Any
) -> tuple[Event, ...]:
    filing = shipment_filing(*lines, **changes).model_dump()
    command = CorrectShipment(**filing, correction_no=number, reason="scale")
    return decide.correct(state, command, DrawnSales(stated or sale, sale), parties(), TODAY)


def _delivered(state: Shipment) -> Shipment:
    received = ReceivedLineFiled(line_no=1, net_mg=KG, reason=None)
    command = ConfirmDelivery(declaration_no="D", received_on=DAY, lines=(received,))
    return folded(state, *confirm_delivery(state, command, parties(), TODAY))


def test_a_corrected_mass_replaces_the_shipment_and_its_draw() -> None:
    """What it drew itself is free for it: all 10 kg, and not a milligram more."""
    state, sale = exported()
    events = _correct(state, sale, shipped(net_mg=10 * KG))
    assert [type(each) for each in events] == [ShipmentCorrected, SaleDrawReleased, SaleDrawn]
    after = folded(state, *events)
    assert isinstance(events[0], ShipmentCorrected)
    assert events[0].reverses == state.standing
    assert (after.standing, folded(sale, *events).drawn_mg(1)) == (events[0].movements, 10 * KG)
    with pytest.raises(DomainError) as raised:
        _correct(state, sale, shipped(net_mg=10 * KG + 1))
    assert refused(raised) == ("shipment.overdrawn", "net_kg", 1)


def test_where_the_draw_stays_the_sale_is_not_touched() -> None:
    """Only the port was wrong."""
    state, sale = exported()
    (event,) = _correct(state, sale, port="Shanghai")
    assert isinstance(event, ShipmentCorrected)
    assert event.port == "Shanghai"


def test_a_shipment_moves_to_another_contract() -> None:
    """One sale is released and the other drawn on."""
    state, sale = exported()
    filing = sale_filing(line(net_mg=5 * KG), contract_no="S2")
    other = folded(Sale(), *sales.record(Sale(), filing, parties(), TODAY))
    _, released, drawn = _correct(state, sale, contract_no="S2", stated=other)
    assert (released.stream[-2:], drawn.stream[-2:]) == ("/S", "S2")
    assert (folded(sale, released).drawn_mg(1), folded(other, drawn).drawn_mg(1)) == (0, 4 * KG)


def test_receipts_are_stated_anew() -> None:
    """The same mass on the same day, with the new destination."""
    state, sale = exported()
    state = _delivered(state)
    (event,) = _correct(state, sale, destination="FR")
    assert isinstance(event, ShipmentCorrected)
    assert [each.measure for each in event.reverses] == ["shipped", "received"]
    assert [(each.measure, each.destination, each.lines[0].net_mg) for each in event.movements] == [
        ("shipped", "FR", 4 * KG),
        ("received", "FR", KG),
    ]
    assert folded(state, event).received_mg(1) == KG


@pytest.mark.parametrize(
    ("changes", "lines", "code", "field"),
    [
        ({"exported_on": DAY}, (), None, None),
        ({"exported_on": date(2025, 6, 21)}, (), "delivery.before_export", "exported_on"),
        ({}, (shipped(2),), "shipment.line_received", "line_no"),
        ({"number": 2, "port": "X"}, (), "number.skipped", "correction_no"),
    ],
)
def test_a_correction_is_judged(
    changes: dict[str, Any], lines: tuple[Any, ...], code: str | None, field: str | None
) -> None:
    """By what has arrived, and by its number."""
    state, sale = exported()
    state = _delivered(state)
    if code is None:
        assert _correct(state, sale, *lines, **changes)
        return
    with pytest.raises(DomainError) as raised:
        _correct(state, sale, *lines, **changes)
    assert refused(raised) == (code, field, None)


def test_what_is_in_force_is_known() -> None:
    """Whatever its number; and a correction may be corrected."""
    state, sale = exported()
    assert _correct(state, sale, number=9) == ()
    state = folded(state, *_correct(state, sale, port="Shanghai"))
    assert _correct(state, sale, port="Shanghai", number=9) == ()
    assert folded(state, *_correct(state, sale, port="Qingdao", number=2)).correction_no == 2
