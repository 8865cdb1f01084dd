"""From an event to signed volume entries. Pure; ledger and totals all fold what this gives."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from domain.calendar import month_of
from domain.envelope import Envelope
from domain.event import Event, Movement
from projections.measures import amounts


class VolumeEntry(NamedTuple):
    """What one event says, or takes back, of one measure on one business date.

    Attributes:
        position: of the event.
        ordinal: place among the event's entries, from 0: what is taken back stands before what is stated.
        ng: signed nanograms for each element; under None the net mass of the magnets.
    """

    position: int
    ordinal: int
    measure: str
    business_date: date
    exporter: str
    client: str
    destination: str | None
    ng: dict[str | None, int]

    @property
    def month(self) -> str:
        """Give the period that the business date falls in."""
        return month_of(self.business_date)


def volume_entries(envelope: Envelope, event: Event) -> list[VolumeEntry]:
    """Give the entries of one event; empty for an event that moves no volume."""
    return [
        VolumeEntry(
            envelope.position,
            ordinal,
            movement.measure,
            movement.business_date,
            movement.exporter,
            movement.client,
            movement.destination,
            amounts(movement, sign),
        )
        for ordinal, (sign, movement) in enumerate(signed_movements(event))
    ]


def signed_movements(event: Event) -> Iterator[tuple[int, Movement]]:
    """Give what the event takes back (-1), then what it states (+1)."""
    reverses: tuple[Movement, ...] = getattr(event, "reverses", ())
    for taken_back in reverses:
        yield -1, taken_back
    for stated in event.movements:
        yield 1, stated
