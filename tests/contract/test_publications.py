"""What every record of publications promises to the relay: the PostgreSQL one, and the one that unit tests use.

Only the lock is left out: it is between connections, which PostgreSQL alone has (``tests/integration``).
"""

from collections.abc import Iterator
from contextlib import closing

import pytest

from application.publishing import Advance, Mark, Publications
from infra.postgres.publications import PostgresPublications
from tests.support.relaying import MemoryPublications
from tests.support.services import Database

EVENTS, EXPORTS = "t.events", "t.exports"
START = Mark(0, None)


@pytest.fixture(params=["memory", "postgres"])
def publications(request: pytest.FixtureRequest) -> Iterator[Publications]:
    """An empty record of each kind."""
    if request.param == "memory":
        yield MemoryPublications()
        return
    database: Database = request.getfixturevalue("database")
    with closing(PostgresPublications.connect(database.relay_url, EVENTS, 12)) as opened:
        yield opened


def _advance(topic: str, before: Mark, position: int, *published: tuple[int, int], topic_id: str = "id") -> Advance:
    return Advance(topic, before, Mark(position, topic_id), published)


def test_a_topic_begins_at_zero(publications: Publications) -> None:
    """Of no known identity, and the same when asked again; others do not matter."""
    assert publications.marks([EVENTS]) == {EVENTS: START}
    assert publications.marks([EVENTS, EXPORTS]) == {EVENTS: START, EXPORTS: START}
    assert publications.previous(EVENTS, 10**6) == {}


def test_a_page_moves_marks_and_is_recorded(publications: Publications) -> None:
    """Also where nothing of it belonged into a topic."""
    publications.marks([EVENTS, EXPORTS])
    assert publications.advance([_advance(EVENTS, START, 3, (0, 1), (4, 2), (0, 3)), _advance(EXPORTS, START, 3)])
    assert publications.marks([EVENTS, EXPORTS]) == {EVENTS: Mark(3, "id"), EXPORTS: Mark(3, "id")}
    assert publications.previous(EVENTS, 3) == {0: 3, 4: 2}
    assert publications.previous(EXPORTS, 3) == {}


def test_previous_is_told_as_of_any_mark(publications: Publications) -> None:
    """So that what is sent again says the same."""
    publications.marks([EVENTS])
    assert publications.advance([_advance(EVENTS, START, 6, (0, 1), (4, 2), (0, 3), (4, 6))])
    assert [publications.previous(EVENTS, at) for at in (0, 1, 2, 5, 6)] == [
        {},
        {0: 1},
        {0: 1, 4: 2},
        {0: 3, 4: 2},
        {0: 3, 4: 6},
    ]


@pytest.mark.parametrize("wrong", [Mark(1, None), Mark(0, "other")], ids=["position", "topic"])
def test_a_mark_that_is_not_as_expected_undoes_all(publications: Publications, wrong: Mark) -> None:
    """Whichever of the topics it is."""
    publications.marks([EVENTS, EXPORTS])
    right, stale = _advance(EVENTS, START, 2, (0, 1)), _advance(EXPORTS, wrong, 2, (0, 1))
    assert not publications.advance([right, stale])
    assert not publications.advance([stale, right])
    assert publications.marks([EVENTS, EXPORTS]) == {EVENTS: START, EXPORTS: START}
    assert publications.previous(EVENTS, 9) == publications.previous(EXPORTS, 9) == {}


def test_a_topic_made_anew_starts_over_and_changes_no_publication(publications: Publications) -> None:
    """Nor does what is sent to it again."""
    publications.marks([EVENTS])
    page = ((0, 1), (4, 2))
    assert publications.advance([_advance(EVENTS, START, 2, *page)])
    assert publications.advance([_advance(EVENTS, Mark(2, "id"), 0, topic_id="anew")])
    assert publications.previous(EVENTS, 2) == {0: 1, 4: 2}
    assert publications.advance([_advance(EVENTS, Mark(0, "anew"), 2, *page, topic_id="anew")])
    assert publications.marks([EVENTS]) == {EVENTS: Mark(2, "anew")}
    assert publications.previous(EVENTS, 2) == {0: 1, 4: 2}
