"""Trails, gaps and histories of a small story, by stream and by party."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from application.filing import FilingAccepted
from infra.kafka.partitioning import PARTITIONS
from infra.postgres.read_side import ReadSide
from projections.answers import QueryRefused, UnknownStream, Wait
from projections.trade_trail.query import GapQuery, Trail, TrailQuery
from tests.support.random_trade import Row, Step
from tests.support.reading import TOPIC, Office, office
from tests.support.services import Database

ONE, TWO = "91999999MA20682835", "91999999MA7450422Y"
LEI = "9999EXAMPLE000000026"
NOW = Wait()
TODAY = date(2025, 7, 1)
PARKED = """
INSERT INTO lodestone.parked (unit, generation, partition, stream, position, code, message)
SELECT unit, generation, 0, %s, %s, 'event.malformed', 'm' FROM lodestone.read_models WHERE unit = 'trade_trail'
"""


def _sale(uscc: str, contract_no: str, client_ref: str, signed_on: str, kg: str) -> Row:
    return {
        "exporter_uscc": uscc,
        "contract_no": contract_no,
        "client_ref": client_ref,
        "signed_on": signed_on,
        "line_no": "1",
        "grade": "G",
        "net_kg": kg,
        "hs_code": "850511",
    }


def _shipment(number: str, uscc: str, contract_no: str, client_ref: str, kg: str) -> Row:
    return {
        "declaration_no": number,
        "exporter_uscc": uscc,
        "contract_no": contract_no,
        "client_ref": client_ref,
        "exported_on": "2025-04-01",
        "line_no": "1",
        "sale_line_no": "1",
        "net_kg": kg,
        "destination": "DE",
        "port": "Ningbo",
    }


def _client(uscc: str, client_ref: str, **more: str) -> Row:
    known = {"exporter_uscc": uscc, "client_ref": client_ref, "legal_name": f"Werk {client_ref}", "country": "DE"}
    return {**known, "role": "trader", **more}


def _delivery(number: str, day: str, kg: str, reason: str = "") -> Row:
    return {"declaration_no": number, "line_no": "1", "received_kg": kg, "received_on": day, "reason": reason}


STORY: list[tuple[str, Row]] = [
    ("exporters", {"uscc": ONE, "name": "First", "region": "999999"}),
    ("exporters", {"uscc": TWO, "name": "Second", "region": "999999"}),
    ("grades", {"grade": "G", "family": "NdFeB", "composition": "Nd=1", "effective_from": "2021-01-01"}),
    ("clients", _client(ONE, "A", registry_no="HRB 1/2")),
    ("clients", _client(TWO, "B", registry_no="HRB 1/2")),
    ("clients", _client(TWO, "C")),
    ("sales", _sale(ONE, "S1", "A", "2025-01-10", "100")),
    ("sales", _sale(TWO, "S2", "B", "2025-02-10", "50")),
    ("sales", _sale(TWO, "S3", "C", "2025-03-10", "7")),
    ("shipments", _shipment("D1", ONE, "S1", "A", "60")),
    ("shipments", _shipment("D2", TWO, "S2", "B", "50")),
    ("deliveries", _delivery("D1", "2025-05-01", "58.25", "shortage")),
    ("deliveries", _delivery("D2", "2025-05-02", "20")),
    (
        "cancellations",
        {
            "exporter_uscc": ONE,
            "contract_no": "S1",
            "cancellation_no": "K",
            "line_no": "1",
            "cancelled_kg": "15",
            "cancelled_on": "2025-05-03",
            "reason": "r",
        },
    ),
]


@pytest.fixture
def told(database: Database) -> Iterator[Office]:
    """The story, filed and folded."""
    with office(database) as opened:
        for kind, row in STORY:
            assert isinstance(opened.file(Step(kind, "exporter", (row,))), FilingAccepted), row
        checked = opened.project()
        assert set(checked.values()) == {opened.log.head()}
        yield opened


def _edges(trail: Trail) -> set[tuple[str, str, str, str]]:
    return {(each.source, each.kind, each.target, each.kg) for each in trail.edges}


FIRST = {
    (f"exporter/{ONE}", "sold", f"sale/{ONE}/S1", "100.000000"),
    (f"sale/{ONE}/S1", "sold_to", f"client/{ONE}/A", "100.000000"),
    (f"sale/{ONE}/S1", "cancelled", f"client/{ONE}/A", "15.000000"),
    (f"sale/{ONE}/S1", "drawn", "shipment/D1", "60.000000"),
    ("shipment/D1", "shipped", f"client/{ONE}/A", "60.000000"),
    ("shipment/D1", "received", f"client/{ONE}/A", "58.250000"),
}
SECOND = {
    (f"exporter/{TWO}", "sold", f"sale/{TWO}/S2", "50.000000"),
    (f"sale/{TWO}/S2", "sold_to", f"client/{TWO}/B", "50.000000"),
    (f"sale/{TWO}/S2", "drawn", "shipment/D2", "50.000000"),
    ("shipment/D2", "shipped", f"client/{TWO}/B", "50.000000"),
    ("shipment/D2", "received", f"client/{TWO}/B", "20.000000"),
}


def test_a_trail_is_the_same_in_any_encoding_of_the_client(
    told: Office, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names come joined as bytes: what the environment says of the connection's encoding must not reach them."""
    told.file(Step("sales", "exporter", (_sale(ONE, "Ä7", "A", "2025-03-01", "1"),)))
    told.project()
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with ReadSide.connect(database.reader_url, TOPIC, PARTITIONS) as reading:
        found = reading.trail(TrailQuery(f"client/{ONE}/A"), NOW).result
    assert (f"exporter/{ONE}", "sold", f"sale/{ONE}/Ä7", "1.000000") in _edges(found)


@pytest.mark.parametrize("subject", [f"exporter/{ONE}", f"client/{ONE}/A", f"sale/{ONE}/S1", "shipment/D1"])
def test_a_trail_begins_anywhere(told: Office, subject: str) -> None:
    """Every step with its kilograms; what is neither shipped nor cancelled is not explained, a stated shortage is."""
    found = told.reading.trail(TrailQuery(subject), NOW).result
    assert _edges(found) == FIRST
    assert [(each.stream, each.kind, each.kg) for each in found.unexplained] == [
        (f"sale/{ONE}/S1", "sold_not_shipped", "25.000000")
    ]
    assert {"First", "Werk A", "S1", "D1"} <= {node.label for node in found.nodes}


def test_a_trail_of_a_party_spans_exporters(told: Office) -> None:
    """By country and registry number, until an LEI is learned; what was known before stays as it was."""
    before = told.reading.trail(TrailQuery("DE:HRB 1/2"), NOW)
    assert _edges(before.result) == FIRST | SECOND
    assert ("shipment/D2", "shipped_not_received", "30.000000") in {
        (each.stream, each.kind, each.kg) for each in before.result.unexplained
    }
    learned = {**_client(ONE, "A", registry_no="HRB 1/2", lei=LEI), "amendment_no": "1"}
    assert isinstance(told.file(Step("client_amendments", "exporter", (learned,))), FilingAccepted)
    told.project()
    assert _edges(told.reading.trail(TrailQuery(f"lei:{LEI}"), NOW).result) == FIRST
    assert _edges(told.reading.trail(TrailQuery("DE:HRB 1/2"), NOW).result) == SECOND
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
    assert _edges(found) <= FIRST


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
    for kind, row in (("voids", void), ("deliveries", _delivery("D2", "2025-05-09", "30"))):
        assert isinstance(told.file(Step(kind, "exporter", (row,))), FilingAccepted)
    told.project()
    found = told.reading.gaps(GapQuery(TODAY), NOW).result
    assert {(each.stream, each.kg) for each in found} == {
        (f"sale/{ONE}/S1", "85.000000"),
        (f"sale/{TWO}/S3", "7.000000"),
    }


def test_a_shipment_that_is_reported_again_has_its_reasons_before_it(told: Office) -> None:
    """A shortage that was stated before the void explains nothing of what customs sees now."""
    again = _shipment("D1", ONE, "S1", "A", "60")
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


def test_who_was_corrected_away_has_no_part_left(told: Office) -> None:
    """Trail and gaps are those of the client that the papers name now; a former position shows the former one."""
    before = told.log.head()
    numbered = {"correction_no": "1", "reason": "another branch"}
    steps = [
        ("clients", _client(ONE, "A2")),
        ("sale_corrections", {**_sale(ONE, "S1", "A2", "2025-01-10", "100"), **numbered}),
        ("shipment_corrections", {**_shipment("D1", ONE, "S1", "A2", "60"), **numbered}),
    ]
    for kind, row in steps:
        assert isinstance(told.file(Step(kind, "exporter", (row,))), FilingAccepted), row
        told.project()
        if kind == "sale_corrections":
            mismatch = _edges(told.reading.trail(TrailQuery(f"client/{ONE}/A"), NOW).result)
            assert ("shipment/D1", "shipped", f"client/{ONE}/A", "60.000000") in mismatch
    former = told.reading.trail(TrailQuery(f"client/{ONE}/A"), NOW).result
    assert (former.edges, former.unexplained) == ([], [])
    assert told.reading.gaps(GapQuery(TODAY, clients=(f"client/{ONE}/A",)), NOW).result == []
    renamed = {(source, kind, target.replace("/A", "/A2"), kg) for source, kind, target, kg in FIRST}
    assert _edges(told.reading.trail(TrailQuery(f"client/{ONE}/A2"), NOW).result) == renamed
    assert _edges(told.reading.trail(TrailQuery(f"client/{ONE}/A", as_known_at=before), NOW).result) == FIRST


def test_what_is_parked_is_named_to_whom_it_concerns(told: Office, database: Database) -> None:
    """A parked stream of one exporter, to questions about its trade or about nobody alone, from its position on."""
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute(PARKED, (f"sale/{ONE}/S9", told.log.head()))
    parked = (f"sale/{ONE}/S9",)
    assert told.reading.trail(TrailQuery(f"client/{ONE}/A"), NOW).incomplete == parked
    assert told.reading.gaps(GapQuery(TODAY), NOW).incomplete == parked
    assert told.reading.trail(TrailQuery(f"client/{TWO}/B"), NOW).incomplete == ()
    before = TrailQuery(f"client/{ONE}/A", as_known_at=told.log.head() - 1)
    assert told.reading.trail(before, NOW).incomplete == ()


def test_a_history_of_a_party_is_that_of_its_clients(told: Office) -> None:
    """Each event once, oldest first, also what touched them in other streams."""
    found = told.reading.audit("DE:HRB 1/2", NOW).result
    streams = {row.stream for row in found}
    assert {f"client/{ONE}/A", f"client/{TWO}/B", f"sale/{ONE}/S1", f"sale/{TWO}/S2", "shipment/D1"} <= streams
    assert f"sale/{TWO}/S3" not in streams
    positions = [row.position for row in found]
    assert positions == sorted(set(positions))


def test_unknown_subjects_are_named(told: Office) -> None:
    """Never an empty answer; a grade takes no part in trade."""
    for subject in ("DE:nobody", "lei:nobody", "sale/nobody/nothing"):
        with pytest.raises(UnknownStream):
            told.reading.trail(TrailQuery(subject), NOW)
        with pytest.raises(UnknownStream):
            told.reading.audit(subject, NOW)
    with pytest.raises(QueryRefused) as refused:
        told.reading.trail(TrailQuery("grade/G"), NOW)
    assert refused.value.code == "query.not_a_trail"
