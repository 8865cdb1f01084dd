"""What is recorded but not yet applied is worth waiting for; what nobody recorded is not."""

import pytest

from projections.answers import NotYet, UnknownStream, Wait
from projections.trade_trail.query import TrailQuery
from tests.support.random_trade import Step
from tests.support.reading import Office
from tests.support.small_story import ONE, sale_row

AT_ONCE = Wait(timeout_s=0)
LATER = f"sale/{ONE}/S7"


def test_a_recorded_stream_is_waited_for_until_it_is_applied(told: Office) -> None:
    """An answer without it would be wrong, and calling it unknown too."""
    told.file(Step("sales", "exporter", (sale_row(ONE, "S7", "A", "2025-03-01", "1"),)))
    for ask in (lambda: told.reading.trail(TrailQuery(LATER), AT_ONCE), lambda: told.reading.audit(LATER, AT_ONCE)):
        with pytest.raises(NotYet, match=f"not yet {told.log.head()}$"):
            ask()
    told.project()
    assert told.reading.trail(TrailQuery(LATER), AT_ONCE).position == told.log.head()
    assert told.reading.audit(LATER, AT_ONCE).position == told.log.head()


def test_nobody_waits_for_what_is_not_recorded(told: Office) -> None:
    """A slip of the pen is told at once, however long one would wait."""
    nobody = f"client/{ONE}/nobody"
    far = Wait(min_position=told.log.head() + 1, timeout_s=30)
    for ask in (lambda: told.reading.trail(TrailQuery(nobody), far), lambda: told.reading.audit(nobody, far)):
        with pytest.raises(UnknownStream, match=f"nothing is recorded of {nobody}$"):
            ask()


def test_who_is_recorded_later_was_unknown_then(told: Office) -> None:
    """Up to a position that lies behind it; up to one that lies ahead nobody can say yet."""
    head = told.log.head()
    told.file(Step("sales", "exporter", (sale_row(ONE, "S7", "A", "2025-03-01", "1"),)))
    told.project()
    with pytest.raises(UnknownStream, match=f"nothing is recorded of {LATER} up to position {head}$"):
        told.reading.trail(TrailQuery(LATER, as_known_at=head), AT_ONCE)
    with pytest.raises(NotYet):
        told.reading.trail(TrailQuery(f"sale/{ONE}/S8", as_known_at=told.log.head() + 1), AT_ONCE)
