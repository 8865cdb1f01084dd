"""Time and identifiers."""

from datetime import UTC, datetime, timedelta
from threading import Thread

from infra.clock import SystemClock, UuidV7Ids


class StoppedClock(SystemClock):
    """Shows the time that it is given."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self) -> datetime:
        """Give that time."""
        return self.time


def test_an_identifier_is_a_uuid_of_version_7() -> None:
    """It begins with the milliseconds since 1970 (RFC 9562, section 5.7)."""
    made = UuidV7Ids(StoppedClock(datetime(2025, 6, 10, 1, 2, 3, 456789, tzinfo=UTC))).event_id()
    assert made.version == 7
    assert str(made).startswith("0197575b-ccc0-7")
    assert str(made)[19] in "89ab"


def test_identifiers_increase_within_a_millisecond_and_when_the_clock_goes_back() -> None:
    """The order of making is the order of sorting."""
    clock = StoppedClock(datetime(2025, 6, 10, tzinfo=UTC))
    ids = UuidV7Ids(clock)
    made = [ids.event_id() for _ in range(2000)]
    clock.time -= timedelta(hours=1)
    made += [ids.event_id() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == 4000
    assert {each.version for each in made} == {7}


def test_threads_never_share_an_identifier() -> None:
    """One maker serves them all."""
    ids = UuidV7Ids(StoppedClock(datetime(2025, 6, 10, tzinfo=UTC)))
    made: list[int] = []
    threads = [Thread(target=lambda: made.extend(ids.event_id().int for _ in range(500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


def test_the_clock_tells_its_offset() -> None:
    """In UTC."""
    assert SystemClock().now().utcoffset() == timedelta(0)
