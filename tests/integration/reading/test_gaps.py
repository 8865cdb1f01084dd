"""Gaps of a small story, and what closes them."""

from datetime import date

import pytest

from application.filing import FilingAccepted
from projections.answers import UnknownStream, Wait
from projections.trade_trail.query import GapQuery, TrailQuery
from tests.support.random_trade import Step
from tests.support.reading import Office
from tests.support.small_story import ONE, TWO, delivery_row, shipment_row

NOW = Wait()
TODAY = date(2025, 7, 1)


def test_gaps_are_the_three_way_match(told: Office) -> None:
    """Oldest first, with kilograms, age and reason."""
    found = told.reading.gaps(GapQuery(TODAY), NOW).result
    assert [(each.stream, each.kind, each.kg, each.days, each.reason) for each in found] == [
        (f"sale/{ONE}/S1", "sold_not_shipped", "25.000000", (TODAY - date(2025, 1, 10)).days, None),
        (f"sale/{TWO}/S3", "sold_not_shipped", "7.000000", (TODAY - date(2025, 3, 10)).days, None),
        ("shipment/D2", "shipped_not_received", "30.000000", (TODAY - date(2025, 4, 1)).days, None),
        ("shipment/D1", "received_difference", "1.750000", (TODAY - date(2025, 5, 1)).days, "shortage"),
    ]


def test_gaps_are_filtered(told: Office) -> None:
    """By exporter, by client and by age."""

    def streams(**filters: object) -> list[str]:
        return [each.stream for each in told.reading.gaps(GapQuery(TODAY, **filters), NOW).result]  # type: ignore[arg-type]  # filters of several types

    assert streams(exporters=(ONE,)) == [f"sale/{ONE}/S1", "shipment/D1"]
    assert streams(clients=(f"client/{TWO}/B",)) == ["shipment/D2"]
    assert streams(exporters=(ONE,), clients=(f"client/{TWO}/B",)) == []
    assert streams(older_than_days=(TODAY - date(2025, 3, 10)).days) == [f"sale/{ONE}/S1"]


@pytest.mark.parametrize("query", [GapQuery(TODAY, exporters=("919",)), GapQuery(TODAY, clients=(f"client/{ONE}/a",))])
def test_gaps_of_somebody_unknown_are_no_empty_answer(told: Office, query: GapQuery) -> None:
    """A number too short, a key in another case."""
    with pytest.raises(UnknownStream) as refused:
        told.reading.gaps(query, NOW)
    assert refused.value.code == "stream.unknown"


def test_a_void_closes_its_gaps(told: Office) -> None:
    """What did not happen is missing nowhere; and the rest of a delivery closes a gap."""
    void = {"kind": "shipment", "key": "D1", "reason": "never left"}
    for kind, row in (("voids", void), ("deliveries", delivery_row("D2", "2025-05-09", "30"))):
        assert isinstance(told.file(Step(kind, "exporter", (row,))), FilingAccepted)
    told.project()
    found = told.reading.gaps(GapQuery(TODAY), NOW).result
    assert {(each.stream, each.kg) for each in found} == {
        (f"sale/{ONE}/S1", "85.000000"),
        (f"sale/{TWO}/S3", "7.000000"),
    }


def test_a_shipment_that_is_reported_again_has_its_reasons_before_it(told: Office) -> None:
    """A shortage that was stated before the void explains nothing of what customs sees now."""
    again = shipment_row("D1", ONE, "S1", "A", "60")
    for kind, row in (("voids", {"kind": "shipment", "key": "D1", "reason": "r"}), ("shipments", again)):
        assert isinstance(told.file(Step(kind, "customs", (row,))), FilingAccepted)
    told.project()
    gap = next(each for each in told.reading.gaps(GapQuery(TODAY), NOW).result if each.stream == "shipment/D1")
    assert (gap.kind, gap.kg, gap.days, gap.reason) == (
        "shipped_not_received",
        "60.000000",
        (TODAY - date(2025, 4, 1)).days,
        None,
    )
    unexplained = told.reading.trail(TrailQuery("shipment/D1"), NOW).result.unexplained
    assert ("shipment/D1", "shipped_not_received", "60.000000") in {
        (each.stream, each.kind, each.kg) for each in unexplained
    }
