"""Trails of a small story: from where they begin, in which months, and as it was known."""

from datetime import date

import pytest

from application.filing import FilingAccepted
from infra.kafka.partitioning import PARTITIONS
from infra.postgres.read_side import ReadSide
from projections.answers import UnknownStream, Wait
from projections.trade_trail.query import GapQuery, TrailQuery
from tests.support.random_trade import Step
from tests.support.reading import TOPIC, Office
from tests.support.services import Database
from tests.support.small_story import FIRST, ONE, SECOND, client_row, edges_of, sale_row, shipment_row

LEI = "9999EXAMPLE000000026"
NOW = Wait()
TODAY = date(2025, 7, 1)


def test_a_trail_is_the_same_in_any_encoding_of_the_client(
    told: Office, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names come joined as bytes: what the environment says of the connection's encoding must not reach them."""
    told.file(Step("sales", "exporter", (sale_row(ONE, "Ä7", "A", "2025-03-01", "1"),)))
    told.project()
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with ReadSide.connect(database.reader_url, TOPIC, PARTITIONS) as reading:
        found = reading.trail(TrailQuery(f"client/{ONE}/A"), NOW).result
    assert (f"exporter/{ONE}", "sold", f"sale/{ONE}/Ä7", "1.000000") in edges_of(found)


@pytest.mark.parametrize("subject", [f"exporter/{ONE}", f"client/{ONE}/A", f"sale/{ONE}/S1", "shipment/D1"])
def test_a_trail_begins_anywhere(told: Office, subject: str) -> None:
    """Every step with its kilograms; what is neither shipped nor cancelled is not explained, a stated shortage is."""
    found = told.reading.trail(TrailQuery(subject), NOW).result
    assert edges_of(found) == FIRST
    assert [(each.stream, each.kind, each.kg) for each in found.unexplained] == [
        (f"sale/{ONE}/S1", "sold_not_shipped", "25.000000")
    ]
    assert {"First", "Werk A", "S1", "D1"} <= {node.label for node in found.nodes}


def test_a_trail_of_a_party_spans_exporters(told: Office) -> None:
    """By country and registry number, until an LEI is learned; what was known before stays as it was."""
    before = told.reading.trail(TrailQuery("DE:HRB 1/2"), NOW)
    assert edges_of(before.result) == FIRST | SECOND
    assert ("shipment/D2", "shipped_not_received", "30.000000") in {
        (each.stream, each.kind, each.kg) for each in before.result.unexplained
    }
    learned = {**client_row(ONE, "A", registry_no="HRB 1/2", lei=LEI), "amendment_no": "1"}
    assert isinstance(told.file(Step("client_amendments", "exporter", (learned,))), FilingAccepted)
    told.project()
    assert edges_of(told.reading.trail(TrailQuery(f"lei:{LEI}"), NOW).result) == FIRST
    assert edges_of(told.reading.trail(TrailQuery("DE:HRB 1/2"), NOW).result) == SECOND
    then = TrailQuery("DE:HRB 1/2", as_known_at=before.position)
    assert told.reading.trail(then, NOW) == before
    with pytest.raises(UnknownStream):
        told.reading.trail(TrailQuery(f"lei:{LEI}", as_known_at=before.position), NOW)


@pytest.mark.parametrize(
    ("months", "kinds"),
    [
        (("2025-01", "2025-01"), {"sold", "sold_to"}),
        (("2025-04", "2025-04"), {"drawn", "shipped"}),
        (("2025-05", None), {"received", "cancelled"}),
        ((None, "2025-04"), {"sold", "sold_to", "drawn", "shipped"}),
        (("2025-06", "2025-06"), set()),
    ],
)
def test_a_trail_shows_the_steps_of_its_months(
    told: Office, months: tuple[str | None, str | None], kinds: set[str]
) -> None:
    """Both ends included, by business date."""
    found = told.reading.trail(TrailQuery(f"client/{ONE}/A", *months), NOW).result
    assert {edge.kind for edge in found.edges} == kinds
    assert edges_of(found) <= FIRST


def test_who_was_corrected_away_has_no_part_left(told: Office) -> None:
    """Trail and gaps are those of the client that the papers name now; a former position shows the former one."""
    before = told.log.head()
    numbered = {"correction_no": "1", "reason": "another branch"}
    steps = [
        ("clients", client_row(ONE, "A2")),
        ("sale_corrections", {**sale_row(ONE, "S1", "A2", "2025-01-10", "100"), **numbered}),
        ("shipment_corrections", {**shipment_row("D1", ONE, "S1", "A2", "60"), **numbered}),
    ]
    for kind, row in steps:
        assert isinstance(told.file(Step(kind, "exporter", (row,))), FilingAccepted), row
        told.project()
        if kind == "sale_corrections":
            mismatch = edges_of(told.reading.trail(TrailQuery(f"client/{ONE}/A"), NOW).result)
            assert ("shipment/D1", "shipped", f"client/{ONE}/A", "60.000000") in mismatch
    former = told.reading.trail(TrailQuery(f"client/{ONE}/A"), NOW).result
    assert (former.edges, former.unexplained) == ([], [])
    assert told.reading.gaps(GapQuery(TODAY, clients=(f"client/{ONE}/A",)), NOW).result == []
    renamed = {(source, kind, target.replace("/A", "/A2"), kg) for source, kind, target, kg in FIRST}
    assert edges_of(told.reading.trail(TrailQuery(f"client/{ONE}/A2"), NOW).result) == renamed
    assert edges_of(told.reading.trail(TrailQuery(f"client/{ONE}/A", as_known_at=before), NOW).result) == FIRST
