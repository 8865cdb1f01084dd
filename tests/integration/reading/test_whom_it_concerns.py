"""Histories of a small story, what is parked, and subjects that nobody knows."""

from datetime import date

import psycopg
import pytest

from projections.answers import QueryRefused, UnknownStream, Wait
from projections.trade_trail.query import GapQuery, TrailQuery
from tests.support.reading import Office
from tests.support.services import Database
from tests.support.small_story import ONE, TWO

NOW = Wait()
TODAY = date(2025, 7, 1)
PARKED = """
INSERT INTO lodestone.parked (unit, generation, partition, stream, position, code, message)
SELECT unit, generation, 0, %s, %s, 'event.malformed', 'm' FROM lodestone.read_models WHERE unit = 'trade_trail'
"""


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
