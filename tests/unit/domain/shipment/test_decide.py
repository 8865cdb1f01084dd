"""Given a sale, when a shipment of it is filed or voided, then what it draws is the sale's own state."""

from datetime import timedelta
from typing import Any

import pytest

from domain.client.state import Client
from domain.errors import DomainError
from domain.event import MAX_NET_MG
from domain.sale.events import SaleDrawn, SaleDrawReleased
from domain.sale.state import Sale
from domain.shipment import decide
from domain.shipment.commands import ShipmentLineFiled, VoidShipment
from domain.shipment.events import ShipmentExported, ShipmentVoided
from domain.shipment.sales import DrawnSales
from domain.shipment.state import Shipment
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
    parties,
    refused,
    shipment_filing,
    shipped,
)

VOID = VoidShipment(declaration_no="D", reason="never left")


def test_an_export_is_recorded_with_its_draw() -> None:
    """The shipment stands alone, with the sale's composition; the draw goes to the sale's stream."""
    filing = shipment_filing(shipped(), shipped(2, 2, KG), shipped(3, 1, KG))
    first, second = decide.export(Shipment(), filing, DrawnSales(a_sale(), Sale()), parties(), TODAY)
    assert isinstance(first, ShipmentExported)
    (movement,) = first.movements
    assert (movement.measure, movement.destination, movement.client) == ("shipped", "NL", CLIENT)
    assert [(each.net_mg, each.ppm) for each in movement.lines] == [(4 * KG, NOMINAL), (KG, ASSAY), (KG, NOMINAL)]
    assert isinstance(second, SaleDrawn)
    assert (second.stream, second.movements) == (f"sale/{USCC}/S", ())
    assert [(each.line_no, each.net_mg) for each in second.lines] == [(1, 5 * KG), (2, KG)]


@pytest.mark.parametrize(
    ("lines", "line_no"),
    [
        ((shipped(net_mg=6 * KG),), None),
        ((shipped(net_mg=6 * KG + 1),), 1),
        ((shipped(net_mg=6 * KG), shipped(2, 1, 1)), 2),
        ((shipped(net_mg=6 * KG), shipped(2, 2, 5 * KG)), None),
        ((shipped(net_mg=6 * KG), shipped(2, 2, 5 * KG + 1)), 2),
    ],
)
def test_draws_never_pass_what_was_sold(lines: tuple[ShipmentLineFiled, ...], line_no: int | None) -> None:
    """With what others draw; the last milligram may leave, and the line that is too much is named."""
    _, sale = exported()
    filing = shipment_filing(*lines, declaration_no="D2")
    if line_no is None:
        events = decide.export(Shipment(), filing, DrawnSales(sale, Sale()), parties(), TODAY)
        drawn = folded(sale, *events)
        assert drawn.drawn_mg(1) == 10 * KG
        return
    with pytest.raises(DomainError) as raised:
        decide.export(Shipment(), filing, DrawnSales(sale, Sale()), parties(), TODAY)
    assert refused(raised) == ("shipment.overdrawn", "net_kg", line_no)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"exported_on": SIGNED}, None, None),
        ({"exported_on": SIGNED - timedelta(days=1)}, "shipment.before_sale", "exported_on"),
        ({"exported_on": TODAY}, None, None),
        ({"exported_on": TODAY + timedelta(days=1)}, "date.in_future", "exported_on"),
        ({"destination": "de"}, "country.unknown", "destination"),
        ({"containers": ("CSQU3054383",)}, None, None),
        ({"containers": ("CSQU3054383", "CSQU3054384")}, "container.invalid", "container_no"),
    ],
)
def test_an_export_is_judged(changes: dict[str, Any], code: str | None, field: str | None) -> None:
    """At the edges of what may be."""
    arguments = (Shipment(), shipment_filing(**changes), DrawnSales(a_sale(), Sale()), parties(), TODAY)
    if code is None:
        assert decide.export(*arguments)[0].violations == ()
        return
    with pytest.raises(DomainError) as raised:
        decide.export(*arguments)
    assert refused(raised) == (code, field, None)


def test_the_client_is_that_of_the_sale() -> None:
    """Another one that is listed will not do."""
    other = folded(Client(), client_known("C2"))
    with pytest.raises(DomainError) as raised:
        decide.export(Shipment(), shipment_filing(client_ref="C2"), DrawnSales(a_sale(), Sale()), parties(other), TODAY)
    assert refused(raised) == ("shipment.client_mismatch", "client_ref", None)


def test_customs_reports_more_than_one_number_can_hold() -> None:
    """Each line can be written, and so the fact is recorded; the draw is kept exactly, in parts."""
    lines = [shipped(number, 1, MAX_NET_MG - 1) for number in range(1, 4)]
    filing = shipment_filing(*lines)
    first, second = decide.export(Shipment(), filing, DrawnSales(a_sale(), Sale()), parties(), TODAY, source="customs")
    assert first.violations == ("shipment.overdrawn",)
    assert folded(Sale(), second).drawn_mg(1) == 3 * (MAX_NET_MG - 1)


def test_a_contract_that_is_unknown_is_begun_by_customs_draw() -> None:
    """The sale is still not filed: that is judged by its state."""
    events = decide.export(
        Shipment(), shipment_filing(), DrawnSales(Sale(), Sale()), parties(), TODAY, source="customs"
    )
    sale = folded(Sale(), *events)
    assert events[0].violations == ("sale.unknown",)
    assert (sale.recorded, sale.drawn_mg(1), events[1].key) == (None, 4 * KG, CLIENT)


def test_the_same_content_is_known_and_other_content_is_not() -> None:
    """Under one declaration."""
    state, sale = exported()
    assert decide.export(state, shipment_filing(), DrawnSales(sale, sale), parties(), TODAY) == ()
    with pytest.raises(DomainError) as raised:
        decide.export(state, shipment_filing(port="Shanghai"), DrawnSales(sale, sale), parties(), TODAY)
    assert refused(raised) == ("shipment.already_filed_differently", "declaration_no", None)


def test_a_void_takes_back_what_stands_and_releases_the_draw() -> None:
    """The sale has all its mass again, and the declaration's number is not used again."""
    state, sale = exported()
    voided, released = decide.void(state, VOID, sale, parties())
    assert isinstance(voided, ShipmentVoided)
    assert isinstance(released, SaleDrawReleased)
    assert voided.reverses == state.standing
    gone = folded(state, voided, released)
    assert (gone.voided, gone.standing, folded(sale, voided, released).drawn_mg(1)) == (True, (), 0)
    assert decide.void(gone, VOID, sale, parties()) == ()
    with pytest.raises(DomainError) as raised:
        decide.void(gone, VOID.model_copy(update={"reason": "another"}), sale, parties())
    assert refused(raised) == ("shipment.voided", "key", None)
    with pytest.raises(DomainError) as raised:
        decide.export(gone, shipment_filing(), DrawnSales(sale, sale), parties(), TODAY)
    assert refused(raised) == ("shipment.voided", "declaration_no", None)
    assert decide.void(gone, VOID, sale, parties(), "customs") == ()
