"""Given a sale and what is drawn on it, when lines are cancelled, then no more than is left."""

from datetime import timedelta

import pytest

from domain.errors import DomainError
from domain.sale.cancelling import cancel
from domain.sale.commands import CancelledLine, CancelSaleLines
from domain.sale.events import SaleLineCancelled
from domain.sale.state import Sale
from tests.unit.domain.facts import CLIENT, KG, NOMINAL, SIGNED, TODAY, USCC, exported, folded, parties, refused


def _filing(net_mg: int = KG, number: str = "K", days: int = 0) -> CancelSaleLines:
    return CancelSaleLines(
        exporter=USCC,
        contract_no="S",
        cancellation_no=number,
        cancelled_on=SIGNED + timedelta(days=days),
        reason="less needed",
        lines=(CancelledLine(line_no=1, net_mg=net_mg),),
    )


def _cancelled(state: Sale, command: CancelSaleLines) -> SaleLineCancelled:
    (event,) = cancel(state, command, parties(), TODAY)
    assert isinstance(event, SaleLineCancelled)
    return event


def test_a_cancellation_stands_alone() -> None:
    """On its own day, with the sale's client, destination and composition."""
    _, sale = exported()
    (movement,) = _cancelled(sale, _filing(days=3)).movements
    assert (movement.measure, movement.business_date) == ("cancelled", SIGNED + timedelta(days=3))
    assert (movement.client, movement.destination, movement.lines[0].ppm) == (CLIENT, "DE", NOMINAL)


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (_filing(6 * KG - 1), None, None),
        (_filing(6 * KG), "sale.cancelled_too_much", "cancelled_kg"),
        (_filing(0), "mass.not_positive", "cancelled_kg"),
        (_filing(days=-1), "sale.cancelled_before_signed", "cancelled_on"),
        (_filing(days=30), None, None),
        (_filing(days=31), "date.in_future", "cancelled_on"),
    ],
)
def test_no_more_than_is_left_may_be_cancelled(command: CancelSaleLines, code: str | None, field: str | None) -> None:
    """10 kg were sold, 4 are shipped and 1 mg is cancelled already."""
    _, sale = exported()
    sale = folded(sale, _cancelled(sale, _filing(1, "first")))
    if code is None:
        before = sale.cancelled_mg(1)
        assert folded(sale, _cancelled(sale, command)).cancelled_mg(1) == before + command.lines[0].net_mg
        return
    with pytest.raises(DomainError) as raised:
        _cancelled(sale, command)
    assert refused(raised)[:2] == (code, field)


def test_the_same_cancellation_is_known_and_another_under_its_number_is_not() -> None:
    """Customs' other content replaces it: what stood is taken back, and leaves room for itself."""
    _, sale = exported()
    first = _cancelled(sale, _filing(6 * KG))
    sale = folded(sale, first)
    assert cancel(sale, _filing(6 * KG), parties(), TODAY) == ()
    with pytest.raises(DomainError) as raised:
        _cancelled(sale, _filing(5 * KG))
    assert refused(raised) == ("sale.cancellation_already_filed_differently", "cancellation_no", None)
    (event,) = cancel(sale, _filing(5 * KG), parties(), TODAY, "customs")
    assert isinstance(event, SaleLineCancelled)
    assert (event.violations, event.reverses) == (("contradicts_filing",), first.movements)
    assert folded(sale, event).cancelled_mg(1) == 5 * KG


def test_of_an_unknown_sale_nothing_moves() -> None:
    """Customs' report is kept, with no volume."""
    (event,) = cancel(Sale(), _filing(), parties(), TODAY, "customs")
    assert (event.violations, event.movements, folded(Sale(), event).standing) == (("sale.unknown",), (), ())
