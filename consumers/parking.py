"""An event that can never be folded takes its stream aside; everything else goes on."""

from collections.abc import Callable, Sequence

from consumers.ports import FOLLOWS_PARKED, ParkedEvent
from domain.envelope import Envelope
from projections.ports import Unprojectable

FOLLOWS_MESSAGE = "an earlier event of its stream is parked"

Check = Callable[[Envelope], None]


def sift(
    events: Sequence[Envelope], partition: int, parked: set[str], check: Check
) -> tuple[list[Envelope], list[ParkedEvent]]:
    """Part what can be applied from what must be parked, both in order.

    Args:
        events: of one partition.
        partition: its number.
        parked: the streams that are parked already; those that are parked now are added.
        check: raises ``Unprojectable`` for an event that can never be folded.
    """
    if not parked and _all_fold(events, check):
        return list(events), []
    apply: list[Envelope] = []
    park: list[ParkedEvent] = []
    for event in events:
        if event.stream in parked:
            park.append(ParkedEvent(partition, event.stream, event.position, FOLLOWS_PARKED, FOLLOWS_MESSAGE))
            continue
        try:
            check(event)
        except Unprojectable as reason:
            parked.add(event.stream)
            park.append(ParkedEvent(partition, event.stream, event.position, reason.code, str(reason)))
        else:
            apply.append(event)
    return apply, park


def _all_fold(events: Sequence[Envelope], check: Check) -> bool:
    try:
        for event in events:
            check(event)
    except Unprojectable:
        return False
    return True
