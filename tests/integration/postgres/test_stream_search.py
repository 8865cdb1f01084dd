"""Texts are found literally, whatever stands in them, as of a position."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from domain.client.events import ClientDetailsAmended, ClientRegistered
from domain.envelope import Envelope
from domain.event import Event
from domain.exporter.events import ExporterRegistered
from domain.registry import encode
from domain.shipment.events import ShipmentExported
from infra.postgres.generations import make_generation
from infra.postgres.rows import PostgresRows
from projections.decoding import Decoder
from projections.ports import Rows
from projections.stream_search.fold import StreamSearch
from projections.stream_search.queries import find
from tests.support.envelopes import an_event
from tests.support.services import Database

USCC = "91350200612033123X"
HOSTILE = 'O\'Brien "100%" a_b \\n \u202eevil\u202c Straße'
CLIENT = f"client/{USCC}/K-1"


def _client(name: str, lei: str | None = None) -> dict[str, object]:
    place = {"exporter": USCC, "client_ref": "K-1", "country": "DE", "role": "trader"}
    return {**place, "legal_name": name, "lei": lei, "registry_no": "HRB 77", "end_use": None}


def _shipment() -> ShipmentExported:
    return ShipmentExported(
        declaration_no="DECL-9",
        exporter=USCC,
        client=CLIENT,
        contract_no="A-1",
        exported_on=date(2025, 6, 10),
        destination="DE",
        port="CNSHA",
        licence_no="LIC-5",
        containers=("CSQU3054383", "MSKU1234565"),
        lines=(),
    )


def _recorded(position: int, version: int, event: Event) -> Envelope:
    found = an_event(position, event.stream, kind=event.type, key=event.key)
    return found._replace(version=version, data=encode(event))


@pytest.fixture
def rows(database: Database) -> Iterator[Rows]:
    """The read model with one exporter, one client that is amended later, and one shipment."""
    events = [
        _recorded(1, 1, ExporterRegistered(uscc=USCC, names=("厦门磁", "Xiamen"), customs_code=None, region="350200")),
        _recorded(2, 1, ClientRegistered.model_validate(_client(HOSTILE))),
        _recorded(3, 1, _shipment()),
        _recorded(4, 2, ClientDetailsAmended.model_validate({**_client("New", "LEI00X"), "amendment_no": 1})),
    ]
    with psycopg.connect(database.admin_url, autocommit=True) as connection, connection.transaction():
        projection, rows = StreamSearch(Decoder()), PostgresRows(connection)
        make_generation(connection, projection, 1)
        projection.apply(rows, events)
        yield rows


@pytest.mark.parametrize("text", ["O'Brien", '"100%"', "a_b", "\\n", "\u202eevil", "o'bRIEN", "STRASSE"])
def test_hostile_text_is_found_literally(rows: Rows, text: str) -> None:
    """Quotes, wildcards, escapes and marks mean themselves; case means nothing."""
    (found,) = find(rows, text, None, 2)
    assert (found.stream, found.label, found.matched) == (CLIENT, HOSTILE, f"name: {HOSTILE}")


@pytest.mark.parametrize("text", ["O%Brien", "a_____b", "aXb", "%%", "\\\\n", "__", "' OR true --"])
def test_wildcards_match_nothing_but_themselves(rows: Rows, text: str) -> None:
    """A text that would match as a pattern, or as SQL, is not there."""
    assert find(rows, text, None, 4) == []


@pytest.mark.parametrize(
    ("text", "matched"), [("DECL", "key: DECL-9"), ("lic-5", "licence: LIC-5"), ("msku", "container: MSKU1234565")]
)
def test_numbers_of_a_shipment_are_found(rows: Rows, text: str, matched: str) -> None:
    """Its key, its licence and each of its containers."""
    assert [(each.stream, each.matched) for each in find(rows, text, None, 4)] == [("shipment/DECL-9", matched)]


def test_kinds_and_the_cut_narrow_the_answer(rows: Rows) -> None:
    """One kind only where asked; nothing beyond the position; a former name is still found."""
    assert [each.stream for each in find(rows, USCC, None, 4)] == [CLIENT, f"exporter/{USCC}"]
    assert [each.stream for each in find(rows, USCC, "exporter", 4)] == [f"exporter/{USCC}"]
    assert find(rows, "LEI00X", None, 3) == []
    assert [each.matched for each in find(rows, "lei00x", None, 4)] == ["LEI: LEI00X"]
    assert [(each.label, each.matched) for each in find(rows, "o'brien", None, 4)] == [("New", f"name: {HOSTILE}")]
    assert [each.label for each in find(rows, "xiamen", None, 4)] == ["厦门磁"]
