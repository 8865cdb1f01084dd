"""The parts of a trail: who sold what to whom."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrailNode:
    """An exporter, sale, shipment or client; ``label`` is its name as last known, else its key."""

    stream: str
    label: str


@dataclass(frozen=True, slots=True)
class TrailEdge:
    """A step: ``sold`` (exporter to sale), ``sold_to`` (sale to client), ``drawn`` (sale to shipment), ``shipped``.

    ``kg`` is exact, with 6 places; ``positions`` are the events that it comes from.
    """

    source: str
    target: str
    kind: str
    kg: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A sale whose kilograms were ``sold_not_shipped`` (or ``shipped_not_sold``)."""

    stream: str
    kind: str
    kg: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The way of the magnets from, to or through one stream."""

    nodes: Sequence[TrailNode]
    edges: Sequence[TrailEdge]
    unexplained: Sequence[Unexplained]
