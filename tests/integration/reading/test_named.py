"""Whom a question about volumes names must be known: a slip of the pen is told, not answered with nothing."""

from dataclasses import replace
from typing import Any

import pytest

from application.filing import FilingAccepted
from projections.answers import UnknownStream, Wait
from projections.volume_ledger.query import VolumeQuery
from tests.support.random_trade import CLIENTS, EXPORTER, Step, opening
from tests.support.reading import Office, office
from tests.support.services import Database

NOW = Wait()
CLIENT = f"client/{EXPORTER}/{CLIENTS[0]}"
FIELDS = {"client": "clients", "exporter": "exporters", "party": "parties"}
KNOWN = {"client": CLIENT, "exporter": EXPORTER, "party": CLIENT}
UNKNOWN = [
    ("client", f"client/{EXPORTER}/nobody"),
    ("client", f"exporter/{EXPORTER}"),
    ("exporter", "91999999MA7450422Y"),
    ("party", "lei:nobody"),
    ("party", f"exporter/{EXPORTER}"),
]


@pytest.mark.parametrize(("kind", "name"), UNKNOWN)
def test_who_is_not_known_gets_no_empty_answer(database: Database, kind: str, name: str) -> None:
    """Neither alone nor beside somebody known, neither as volumes nor explained."""
    with office(database) as opened:
        _open(opened)
        opened.project()
        for names in ((name,), (KNOWN[kind], name)):
            filters: dict[str, Any] = {FIELDS[kind]: names, "measures": ("sold",)}
            with pytest.raises(UnknownStream, match=f"nothing is recorded of .*{name}$"):
                opened.reading.volumes(VolumeQuery(**filters), NOW)
            with pytest.raises(UnknownStream, match=f"nothing is recorded of .*{name}$"):
                opened.reading.explain(VolumeQuery(**filters), NOW)


def test_who_is_known_and_has_no_volume_has_none(database: Database) -> None:
    """A client, an exporter or a party from the day they are recorded on."""
    with office(database) as opened:
        _open(opened)
        opened.project()
        for kind, name in KNOWN.items():
            named: dict[str, Any] = {FIELDS[kind]: (name,)}
            assert opened.reading.volumes(VolumeQuery(**named), NOW).result == []


def test_a_client_whom_customs_alone_has_named_is_known_by_what_was_sold(database: Database) -> None:
    """As long as it is sold: it has no stream of its own. Whoever is named beside it is not known by that."""
    with office(database) as opened:
        _open(opened)
        assert isinstance(opened.file(_reported_sale("ghost")), FilingAccepted)
        opened.project()
        query = VolumeQuery(clients=(f"client/{EXPORTER}/ghost",))
        assert [(row.measure, row.ng) for row in opened.reading.volumes(query, NOW).result] == [("sold", 2 * 10**12)]
        assert opened.reading.explain(replace(query, measures=("sold",)), NOW).result.ng == 2 * 10**12
        with pytest.raises(UnknownStream, match=r"nothing is recorded of .*nobody$"):
            opened.reading.volumes(replace(query, clients=(*query.clients, f"client/{EXPORTER}/nobody")), NOW)
        assert isinstance(opened.file(_reported_void()), FilingAccepted)
        opened.project()
        for ask in (opened.reading.volumes, opened.reading.explain):
            with pytest.raises(UnknownStream, match=r"nothing is recorded of .*ghost$"):
                ask(replace(query, measures=("sold",)), NOW)


def _open(opened: Office) -> None:
    for step in opening():
        assert isinstance(opened.file(step), FilingAccepted)


def _reported_sale(client_ref: str) -> Step:
    row = {"exporter_uscc": EXPORTER, "contract_no": "S9", "signed_on": "2025-03-01", "client_ref": client_ref}
    return Step("sales", "customs", ({**row, "line_no": "1", "grade": "G", "net_kg": "2", "hs_code": "850511"},))


def _reported_void() -> Step:
    return Step("voids", "customs", ({"kind": "sale", "key": f"{EXPORTER}/S9", "reason": "never happened"},))
