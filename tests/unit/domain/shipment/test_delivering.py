"""Given a shipment, when something is received, then it is recorded as it was shipped."""

from datetime import date

import pytest

from domain.errors import DomainError
from domain.event import MAX_NET_MG
from domain.shipment.commands import ConfirmDelivery, ReceivedLineFiled
from domain.shipment.delivering import confirm_delivery
from domain.shipment.events import DeliveryConfirmed, DifferenceReason
from domain.shipment.state import Shipment
from tests.unit.domain.facts import CLIENT, KG, NOMINAL, TODAY, USCC, exported, folded, parties, refused

DAY, NEXT_DAY = date(2025, 6, 20), date(2025, 6, 21)


def _received(net_mg: int, reason: DifferenceReason | None = None, day: date = DAY) -> ConfirmDelivery:
    line = ReceivedLineFiled(line_no=1, net_mg=net_mg, reason=reason)
    return ConfirmDelivery(declaration_no="D", received_on=day, lines=(line,))


def _delivered(state: Shipment, command: ConfirmDelivery) -> DeliveryConfirmed:
    (event,) = confirm_delivery(state, command, parties(), TODAY)
    assert isinstance(event, DeliveryConfirmed)
    return event


def test_what_arrived_stands_alone() -> None:
    """With the shipment's parties, destination and composition copied in."""
    event = _delivered(exported()[0], _received(3 * KG))
    (movement,) = event.movements
    assert (movement.measure, movement.business_date, movement.destination) == ("received", DAY, "NL")
    assert (movement.exporter, movement.client, movement.contract_no) == (USCC, CLIENT, "S")
    assert [(each.net_mg, each.ppm) for each in movement.lines] == [(3 * KG, NOMINAL)]


@pytest.mark.parametrize(
    ("before", "filed", "code"),
    [
        (None, (4 * KG, None), None),
        (None, (4 * KG, "damaged"), None),
        (None, (4 * KG + 1, "surplus"), None),
        (None, (4 * KG + 1, None), "delivery.surplus_unexplained"),
        (None, (4 * KG, "surplus"), "delivery.reason_contradicted"),
        (None, (4 * KG - 1, "shortage"), None),
        (None, (4 * KG, "shortage"), "delivery.reason_contradicted"),
        (None, (0, "shortage"), None),
        (None, (0, None), "delivery.nothing_received"),
        ((3 * KG, None), (KG, None), None),
        ((3 * KG, None), (KG + 1, None), "delivery.surplus_unexplained"),
        ((5 * KG, "surplus"), (0, None), "delivery.nothing_received"),
        ((5 * KG, "surplus"), (1, None), "delivery.surplus_unexplained"),
    ],
)
def test_a_difference_has_a_reason(
    before: tuple[int, DifferenceReason | None] | None, filed: tuple[int, DifferenceReason | None], code: str | None
) -> None:
    """Counted with what arrived on other days: more always, less only if no more will come."""
    state, _ = exported()
    if before is not None:
        state = folded(state, _delivered(state, _received(*before)))
    command = _received(*filed, day=NEXT_DAY)
    if code is None:
        state = folded(state, _delivered(state, command))
        assert state.received_mg(1) == filed[0] + (before[0] if before else 0)
        return
    with pytest.raises(DomainError) as raised:
        confirm_delivery(state, command, parties(), TODAY)
    assert (raised.value.code, raised.value.line_no) == (code, 1)


def test_the_same_delivery_is_known() -> None:
    """And another of that day is not."""
    state, _ = exported()
    state = folded(state, _delivered(state, _received(KG)))
    assert confirm_delivery(state, _received(KG), parties(), TODAY) == ()
    with pytest.raises(DomainError) as raised:
        confirm_delivery(state, _received(2 * KG), parties(), TODAY)
    assert refused(raised) == ("delivery.already_filed_differently", "received_on", None)


def test_customs_replaces_what_was_filed_of_that_day() -> None:
    """What stood is taken back, and counts no more."""
    state, _ = exported()
    first = _delivered(state, _received(3 * KG))
    (event,) = confirm_delivery(folded(state, first), _received(4 * KG), parties(), TODAY, "customs")
    assert isinstance(event, DeliveryConfirmed)
    assert (event.violations, event.reverses) == (("contradicts_filing",), first.movements)
    assert folded(state, first, event).received_mg(1) == 4 * KG


def test_what_no_event_can_hold_is_refused_whoever_files_it() -> None:
    """A mass beyond 2^53-1 mg."""
    with pytest.raises(DomainError) as raised:
        confirm_delivery(exported()[0], _received(MAX_NET_MG + 1), parties(), TODAY, "customs")
    assert refused(raised) == ("mass.too_large", "received_kg", 1)


def test_of_an_unknown_shipment_nothing_moves() -> None:
    """Customs' report is kept, with no volume."""
    (event,) = confirm_delivery(Shipment(), _received(KG), None, TODAY, "customs")
    assert (event.violations, event.movements) == (("shipment.unknown",), ())
