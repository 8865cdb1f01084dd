"""Given a sale's events, when it is filed, corrected or voided, then events or a code."""

from datetime import timedelta
from typing import Any

import pytest

from domain.client.state import Client
from domain.errors import DomainError
from domain.event import MAX_NET_MG
from domain.sale import decide
from domain.sale.commands import CorrectSale, VoidSale
from domain.sale.events import SaleCorrected, SaleDrawn, SaleLineCancelled, SaleRecorded, SaleVoided
from domain.sale.state import Sale
from tests.unit.domain.facts import (
    ASSAY,
    CLIENT,
    KG,
    NOMINAL,
    SIGNED,
    TODAY,
    USCC,
    a_sale,
    client_known,
    exported,
    folded,
    line,
    parties,
    refused,
    sale_filing,
)

VOID = VoidSale(exporter=USCC, contract_no="S", reason="typing error")


def _corrected(state: Sale, number: int = 1, *lines: Any, **changes: Any) -> SaleCorrected:
    command = CorrectSale(**sale_filing(*lines, **changes).model_dump(), correction_no=number, reason="scale")
    (event,) = decide.correct(state, command, parties(), TODAY)
    assert isinstance(event, SaleCorrected)
    return event


def _cancelled(net_mg: int) -> SaleLineCancelled:
    return SaleLineCancelled(
        exporter=USCC,
        contract_no="S",
        client=CLIENT,
        cancellation_no="K",
        cancelled_on=SIGNED,
        reason="less needed",
        destination="DE",
        lines=tuple(each.model_copy(update={"net_mg": net_mg}) for each in a_sale().standing[0].lines[:1]),
    )


def test_a_sale_stands_alone() -> None:
    """With the client's country and each line's composition copied in."""
    (event,) = decide.record(Sale(), sale_filing(), parties(), TODAY)
    assert isinstance(event, SaleRecorded)
    (movement,) = event.movements
    assert (movement.measure, movement.business_date, movement.destination) == ("sold", SIGNED, "DE")
    assert (event.stream, event.key) == (f"sale/{USCC}/S", CLIENT)
    assert [(each.net_mg, each.ppm) for each in movement.lines] == [(10 * KG, NOMINAL), (5 * KG, ASSAY)]


def test_the_same_sale_is_known_and_another_under_its_key_is_not() -> None:
    """Even where the client's country has changed since: it is looked up, and not filed."""
    moved = parties(folded(Client(), client_known(country="JP")))
    assert decide.record(a_sale(), sale_filing(), moved, TODAY) == ()
    with pytest.raises(DomainError) as raised:
        decide.record(a_sale(), sale_filing(signed_on=SIGNED + timedelta(days=1)), parties(), TODAY)
    assert refused(raised) == ("sale.already_filed_differently", "contract_no", None)


@pytest.mark.parametrize(("day", "code"), [(TODAY, None), (TODAY + timedelta(days=1), "date.in_future")])
def test_a_sale_is_signed_today_at_the_latest(day: Any, code: str | None) -> None:
    """In Asia/Shanghai."""
    if code is None:
        assert decide.record(Sale(), sale_filing(signed_on=day), parties(), TODAY)
        return
    with pytest.raises(DomainError) as raised:
        decide.record(Sale(), sale_filing(signed_on=day), parties(), TODAY)
    assert refused(raised) == (code, "signed_on", None)


@pytest.mark.parametrize(("second", "code"), [(1, None), (2, "mass.too_large")])
def test_the_lines_sum_to_what_every_reader_can_hold(second: int, code: str | None) -> None:
    """2^53-1 mg at most."""
    filing = sale_filing(line(net_mg=MAX_NET_MG - 1), line(2, second))
    if code is None:
        assert decide.record(Sale(), filing, parties(), TODAY)
        return
    with pytest.raises(DomainError) as raised:
        decide.record(Sale(), filing, parties(), TODAY)
    assert refused(raised) == (code, "net_kg", None)


def test_a_void_takes_back_all_that_stands_and_the_key_with_it() -> None:
    """The sale and its cancellations; nothing else can happen to it afterwards."""
    state = a_sale(_cancelled(KG))
    (event,) = decide.void(state, VOID, parties())
    assert isinstance(event, SaleVoided)
    assert [each.measure for each in event.reverses] == ["sold", "cancelled"]
    gone = folded(state, event)
    assert (gone.voided, gone.standing, gone.cancelled_mg(1)) == (True, (), 0)
    with pytest.raises(DomainError) as raised:
        decide.record(gone, sale_filing(), parties(), TODAY)
    assert refused(raised) == ("sale.voided", "contract_no", None)
    with pytest.raises(DomainError) as raised:
        _corrected(gone)
    assert refused(raised) == ("sale.voided", "contract_no", None)
    assert decide.void(gone, VOID, parties()) == ()
    with pytest.raises(DomainError) as raised:
        decide.void(gone, VOID.model_copy(update={"reason": "another"}), parties())
    assert refused(raised) == ("sale.voided", "key", None)


def test_a_sale_with_shipments_is_not_voided() -> None:
    """They are named."""
    _, drawn = exported()
    with pytest.raises(DomainError, match="D; void them first") as raised:
        decide.void(drawn, VOID, parties())
    assert refused(raised) == ("sale.has_shipments", "key", None)


def test_a_correction_takes_all_back_and_states_all_anew() -> None:
    """A cancellation keeps its mass and day, with the new composition."""
    state = a_sale(_cancelled(KG))
    event = _corrected(state, 1, line(ppm={"Tb": 7}))
    assert event.reverses == state.standing
    assert [(each.measure, each.lines[0].net_mg, each.lines[0].ppm) for each in event.movements] == [
        ("sold", 10 * KG, {"Tb": 7}),
        ("cancelled", KG, {"Tb": 7}),
    ]
    after = folded(state, event)
    assert after.standing == event.movements
    assert (after.correction_no, after.cancelled_mg(1), after.line(2)) == (1, KG, None)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((line(net_mg=5 * KG),), None),
        ((line(net_mg=5 * KG - 1),), ("sale.below_use", "net_kg", 1)),
        ((line(2, 5 * KG),), ("sale.line_in_use", "line_no", None)),
    ],
)
def test_a_correction_keeps_what_is_drawn_and_cancelled(
    lines: tuple[Any, ...], code: tuple[str, str, int | None] | None
) -> None:
    """4 kg are shipped and 1 kg is cancelled of the first line; the second may be dropped."""
    drawn = SaleDrawn(exporter=USCC, contract_no="S", client=CLIENT, declaration_no="D", lines=())
    state = a_sale(drawn.model_copy(update={"lines": exported()[1].drawn["D"]}), _cancelled(KG))
    if code is None:
        assert folded(state, _corrected(state, 1, *lines)).line(1)
        return
    with pytest.raises(DomainError) as raised:
        _corrected(state, 1, *lines)
    assert refused(raised) == code
