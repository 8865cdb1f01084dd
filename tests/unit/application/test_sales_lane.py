"""The fast lane keeps what the rules said, and no longer than what they were asked about stays as it is."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec
import pytest

from application.plain_sales import Composition, Day, LineShape, LineTerms, PlainSale, SaleParties, json_text
from application.sales_lane import SalesLane
from domain.aggregates import State
from domain.client.events import ClientSuspended
from domain.client.state import Client
from domain.event import Event
from domain.exporter.events import ExporterSuspended
from domain.exporter.state import Exporter
from domain.grade.events import GradeRevised
from domain.grade.state import Grade
from domain.streams import sale_stream
from tests.unit.domain.facts import (
    CLIENT,
    EXPORTER_KNOWN,
    GRADE_KNOWN,
    NOMINAL,
    SIGNED,
    TODAY,
    USCC,
    client_known,
    folded,
)

PARTIES = SaleParties.of(USCC, "C1")
SHAPE = LineShape.of(1, "G", "850511", None, assayed=False, priced=False)
PRICED = LineShape.of(1, "G", "850511", "EUR", assayed=True, priced=True)
REVISED_ON = date(2025, 6, 15)
RESTATED = GradeRevised(grade="G", family="NdFeB", ppm={"Nd": 2}, effective_from=GRADE_KNOWN.effective_from)
REVISED = GradeRevised(grade="G", family="NdFeB", ppm={"Nd": 1}, effective_from=REVISED_ON)
BEFORE: Mapping[str, State] = {
    f"exporter/{USCC}": folded(Exporter(), EXPORTER_KNOWN),
    CLIENT: folded(Client(), client_known()),
    "grade/G": folded(Grade(), GRADE_KNOWN),
}


def _sale(day: date = SIGNED, terms: LineTerms | None = None, net_mg: int = 1) -> PlainSale:
    of_day = Day(day, day.isoformat(), datetime(2025, 6, 1, tzinfo=UTC))
    line = (terms or LineTerms.of(SHAPE, None, None), net_mg)
    return PlainSale(PARTIES, "S1", json_text("S1"), of_day, [line], sale_stream(USCC, "S1"))


def _ppm(lane: SalesLane, states: Mapping[str, State], day: date) -> dict[str, int]:
    data = lane.event_data(_sale(day), states, TODAY)
    assert data is not None
    ppm: dict[str, int] = msgspec.json.decode(data)["lines"][0]["ppm"]
    return ppm


def test_a_revised_grade_is_judged_anew() -> None:
    """From the day on which the new composition holds, be it that of the old one; either state may come again."""
    lane = SalesLane()
    after = {**BEFORE, "grade/G": folded(Grade(), GRADE_KNOWN, REVISED)}
    restated = {**BEFORE, "grade/G": folded(Grade(), GRADE_KNOWN, RESTATED)}
    for _ in range(2):
        assert _ppm(lane, BEFORE, REVISED_ON) == NOMINAL
        assert _ppm(lane, after, REVISED_ON) == {"Nd": 1}
        assert _ppm(lane, after, SIGNED) == NOMINAL
        assert _ppm(lane, restated, SIGNED) == {"Nd": 2}


@pytest.mark.parametrize(
    ("stream", "event"),
    [
        (f"exporter/{USCC}", ExporterSuspended(uscc=USCC, standing_no=1, reason="r")),
        (CLIENT, ClientSuspended(exporter=USCC, client_ref="C1", standing_no=1, reason="r")),
    ],
)
def test_a_suspended_party_is_judged_anew(stream: str, event: Event) -> None:
    """By the ordinary way, which says why not."""
    lane = SalesLane()
    assert lane.event_data(_sale(), BEFORE, TODAY) is not None
    assert lane.event_data(_sale(), {**BEFORE, stream: BEFORE[stream].evolve(event)}, TODAY) is None


@pytest.mark.parametrize(
    ("price", "ppm", "net_mg", "taken"),
    [
        ("1.000001", {"Nd": 1}, 1, True),
        ("1.0000001", {"Nd": 1}, 1, False),
        ("1", {"Nd": 1_000_001}, 1, False),
        ("1", {"Nd": 1}, 0, False),
    ],
)
def test_what_breaks_a_rule_leaves_the_lane(price: str, ppm: dict[str, int], net_mg: int, taken: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """A price of seven places, a composition of more than all, no mass; although others of its shape are taken."""
    lane, right = SalesLane(), LineTerms.of(PRICED, "1", Composition.of({"Nd": 1}))
    assert lane.event_data(_sale(terms=right), BEFORE, TODAY) is not None
    terms = LineTerms.of(PRICED, price, Composition.of(ppm))
    assert (lane.event_data(_sale(terms=terms, net_mg=net_mg), BEFORE, TODAY) is not None) is taken
