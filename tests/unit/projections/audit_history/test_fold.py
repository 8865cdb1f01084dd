"""Whose history an event belongs to."""

from collections.abc import Mapping

import pytest

from domain.canonical import parse_json
from domain.envelope import Envelope
from domain.registry import EVENT_TYPES
from projections.audit_history.fold import AuditHistory
from projections.decoding import Decoder
from projections.entries import signed_movements
from tests.support.samples import folded, sample

EXPORTER = "exporter/91999999MA20682835"
CLIENT = "client/91999999MA20682835/C-1001"


def links(*events: Envelope) -> Mapping[str, list[list[int]]]:
    """Fold events; give each subject's rows of positions."""
    found: dict[str, list[list[int]]] = {}
    for row in folded(AuditHistory(Decoder()), *events).get("audit_links", ()):
        positions = [int(each) for each in str(row["positions"]).strip("{}").split(",")]
        assert row["first_position"] == str(positions[0])
        found.setdefault(str(row["subject"]), []).append(positions)
    return found


@pytest.mark.parametrize(
    ("kind", "subjects"),
    [
        ("exporter.registered", []),
        ("client.registered", [EXPORTER]),
        ("grade.defined", []),
        ("sale.recorded", [EXPORTER, CLIENT]),
        ("sale.drawn", [EXPORTER, CLIENT]),
        ("sale.corrected", [EXPORTER, CLIENT]),
        ("shipment.delivery_confirmed", [EXPORTER, CLIENT]),
        ("shipment.voided", [EXPORTER, CLIENT]),
    ],
)
def test_an_event_is_linked_to_whom_it_names(kind: str, subjects: list[str]) -> None:
    """Each once; its own stream is found by the store."""
    assert links(sample(kind, 6)[0]) == {subject: [[6]] for subject in subjects}


def test_a_client_that_a_correction_left_is_linked_too() -> None:
    """What it takes back names the client of before."""
    corrected, _ = sample("sale.corrected", 6, client="client/91999999MA20682835/C-2", restated=[])
    assert links(corrected) == {EXPORTER: [[6]], CLIENT: [[6]], "client/91999999MA20682835/C-2": [[6]]}


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_whoever_has_a_volume_of_an_event_has_it_in_the_history(kind: str) -> None:
    """What is stated, taken back or stated anew, each of a client of its own where the event says so."""
    with_parts = {
        part: [{**each, "client": f"client/91999999MA20682835/{part}-{number}"} for number, each in enumerate(stated)]
        for part in ("reverses", "restated")
        if (stated := parse_json(sample(kind)[0].data).get(part))
    }
    envelope, event = sample(kind, 6, **with_parts)
    moved = [movement for _, movement in signed_movements(event)]
    named = {name for each in moved for name in (f"exporter/{each.exporter}", each.client)}
    assert named <= {envelope.stream, *links(envelope)}
    assert len(moved) >= sum(map(len, with_parts.values()))


def test_positions_of_a_batch_stand_in_order_in_rows_of_bounded_length() -> None:
    """Partitions come one after another; no row is ever too long to lie where it is found."""
    positions = [*range(1, 301, 2), *range(2, 301, 2)]
    sale, _ = sample("sale.recorded", 1)
    found = links(*(sale._replace(position=position) for position in positions))
    for rows in (found[EXPORTER], found[CLIENT]):
        assert [len(row) for row in rows] == [128, 128, 44]
        assert [position for row in rows for position in row] == list(range(1, 301))
