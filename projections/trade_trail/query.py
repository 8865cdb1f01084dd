"""The parts of a trail: who sold what to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from msgspec import Struct

from domain.streams import kind_of


@dataclass(frozen=True, slots=True)
class TrailQuery:
    """Where a trail begins, and which steps it shows.

    Attributes:
        subject: an exporter's, client's, sale's or shipment's stream, or a party.
        from_month: first month of the steps shown (``YYYY-MM``), included.
        to_month: last month, included.
        as_known_at: a position or a moment with an offset: what was known then.
    """

    subject: str
    from_month: str | None = None
    to_month: str | None = None
    as_known_at: int | datetime | None = None


@dataclass(frozen=True, slots=True)
class GapQuery:
    """Whose trade is matched, and from which age on.

    Attributes:
        today: the day from which ages are counted.
        exporters: USCCs; empty for all.
        clients: streams of clients; empty for all.
        older_than_days: only what is older than this.
    """

    today: date
    exporters: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    older_than_days: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Kilograms of a sale or a shipment that do not match.

    Attributes:
        stream: the sale or the shipment.
        kind: ``sold_not_shipped``, ``shipped_not_sold``, ``shipped_not_received`` or ``received_difference``.
        kg: exact, with 6 places, never negative.
        days: age since the sale, the export or the delivery; None where none of these stands.
        reason: of a difference, as the delivery stated it: ``shortage``, ``surplus`` ...
    """

    stream: str
    kind: str
    kg: str
    days: int | None
    reason: str | None


class TrailNode(Struct, frozen=True, gc=False):
    """An exporter, sale, shipment or client, and its name as last known, if it has any."""

    stream: str
    name: str | None = None

    @property
    def label(self) -> str:
        """Give its name, else its key."""
        if self.name is not None:
            return self.name
        # The key is the last part, whatever it contains; a client and a sale name their exporter before it.
        parts = 2 if kind_of(self.stream) in {"client", "sale"} else 1
        return self.stream.split("/", parts)[-1]


class TrailEdge(Struct, frozen=True, gc=False):
    """A step.

    ``sold`` leads from the exporter to the sale, ``sold_to`` and ``cancelled`` from the sale to the client, ``drawn``
    from the sale to the shipment, ``shipped`` and ``received`` from the shipment to the client.
    ``kg`` is exact, with 6 places; ``positions`` are the events that it comes from.
    """

    source: str
    target: str
    kind: str
    kg: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Kilograms of a sale or a shipment for which no step accounts; kinds as for ``Gap``, without explained ones."""

    stream: str
    kind: str
    kg: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The way of the magnets from, to or through one stream."""

    nodes: Sequence[TrailNode]
    edges: Sequence[TrailEdge]
    unexplained: Sequence[Unexplained]
