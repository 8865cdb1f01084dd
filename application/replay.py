"""Read the log again, as it stands, in order of position."""

from collections.abc import Collection, Iterator
from datetime import datetime

from application.ports import EventLog
from domain.envelope import Envelope, moment_of

_PAGE = 1000


def replay(
    log: EventLog,
    *,
    first: int = 1,
    last: int | None = None,
    until: datetime | None = None,
    types: Collection[str] = (),
) -> Iterator[Envelope]:
    """Give events from ``first`` to ``last``, both ends included, and no event appended after the call.

    Args:
        log: where to read.
        first: position to begin at.
        last: position to end at; the head as it is now where it is None or further.
        until: leave out what was recorded after this moment.
        types: event types to give; all where it is empty.
    """
    head = log.head()
    end = head if last is None else min(last, head)
    after = first - 1
    while after < end and (page := log.read(after, _PAGE, end)):
        for event in page:
            # recorded_at never decreases with the position: nothing later can be earlier.
            if until is not None and moment_of(event.recorded_at) > until:
                return
            if not types or event.type in types:
                yield event
        after = page[-1].position
