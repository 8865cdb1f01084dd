"""What the baselines read of a message: typed, and only what ledger and totals need.

Runs in the peers' own environment: nothing of the product is imported here.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

_NG_OF_A_MG = 1_000_000


class Wire(msgspec.Struct):
    """Our CloudEvent, as far as it matters."""

    type: str
    position: str
    subject: str
    time: str
    data: msgspec.Raw


class Line(msgspec.Struct):
    """What moved of one line."""

    net_mg: int
    ppm: dict[str, int]


class Movement(msgspec.Struct):
    """A sale or a shipment; nothing in the measured topic is corrected or voided."""

    measure: str
    exporter: str
    client: str
    destination: str | None
    lines: list[Line]
    signed_on: date | None = None
    exported_on: date | None = None


class Entry(msgspec.Struct):
    """A row of the ledger: under None the net mass, both in nanograms."""

    position: int
    stream: str
    type: str
    recorded_at: str
    measure: str
    business_date: date
    month: str
    exporter: str
    client: str
    destination: str | None
    ng: dict[str | None, int]


_MOVING = frozenset({"sale.recorded", "shipment.exported"})
_wire = msgspec.json.Decoder(Wire)
_movement = msgspec.json.Decoder(Movement)


def entries_of(values: Iterable[bytes]) -> list[Entry]:
    """Give the ledger entries of some messages."""
    decoded = (_wire.decode(value) for value in values)
    return [_entry(wire) for wire in decoded if wire.type in _MOVING]


def _entry(wire: Wire) -> Entry:
    moved = _movement.decode(wire.data)
    day = moved.signed_on or moved.exported_on
    if day is None:
        raise ValueError(f"{wire.subject} states no day")
    ng: dict[str | None, int] = {None: 0}
    for line in moved.lines:
        ng[None] += line.net_mg * _NG_OF_A_MG
        for element, ppm in line.ppm.items():
            ng[element] = ng.get(element, 0) + line.net_mg * ppm
    return Entry(
        position=int(wire.position),
        stream=wire.subject,
        type=wire.type,
        recorded_at=wire.time,
        measure=moved.measure,
        business_date=day,
        month=f"{day.year}-{day.month:02d}",
        exporter=moved.exporter,
        client=moved.client,
        destination=moved.destination,
        ng=ng,
    )
