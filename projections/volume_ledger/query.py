"""A question about volumes: by which dimensions, of what, and as known when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from msgspec import Struct

from projections.answers import QueryRefused
from projections.measures import MEASURES

DIMENSIONS = ("client", "element", "exporter", "month", "destination", "party")


@dataclass(frozen=True, slots=True)
class VolumeQuery:
    """Groups, filters and times; a filter that is empty lets everything through.

    Attributes:
        by: dimensions to group by, in the order of the answer; see ``DIMENSIONS``.
        measures: which measures; they are never added to one another.
        elements: by symbol. Without an element here or in ``by`` the figure is the net mass of the magnets.
        clients: streams of clients.
        exporters: USCCs.
        parties: as the answer shows them: ``lei:..``, ``DE:HRB1234`` or a client's stream.
        destinations: ISO 3166-1 alpha-2.
        from_month: first month (``YYYY-MM``), included.
        to_month: last month, included.
        as_of: business dates up to and including this one, with everything known now.
        as_known_at: a position or a moment with an offset: what was known then.

    Raises:
        QueryRefused: ``query.unknown_dimension``, ``query.unknown_measure``, ``query.elements_not_added``.
    """

    by: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    exporters: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    from_month: str | None = None
    to_month: str | None = None
    as_of: date | None = None
    as_known_at: int | datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what has no single meaning."""
        for dimension in self.by:
            if dimension not in DIMENSIONS:
                raise QueryRefused(
                    "query.unknown_dimension", f"no dimension {dimension!r}; there are {', '.join(DIMENSIONS)}"
                )
        for measure in self.measures:
            if measure not in MEASURES:
                raise QueryRefused("query.unknown_measure", f"no measure {measure!r}; there are {', '.join(MEASURES)}")
        if len(set(self.elements)) > 1 and "element" not in self.by:
            raise QueryRefused(
                "query.elements_not_added", "elements are never added up; group by element, or name one element"
            )

    @property
    def of_elements(self) -> bool:
        """Tell whether the figures are of elements, not of net mass."""
        return bool(self.elements) or "element" in self.by

    @property
    def names_clients(self) -> bool:
        """Tell whether the figures must be told apart by client, exporter or party."""
        grouped = {"client", "exporter", "party"} & set(self.by)
        return bool(grouped or self.clients or self.exporters or self.parties)


class VolumeRow(Struct, frozen=True, gc=False):
    """A figure: the values of ``VolumeQuery.by`` in that order, the measure, and whole nanograms."""

    keys: tuple[str | None, ...]
    measure: str
    ng: int


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """What one event put into a figure on one business date: signed, in nanograms."""

    position: int
    stream: str
    type: str
    business_date: date
    recorded_at: datetime
    ng: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure in nanograms and the entries that sum exactly to it, in order of position."""

    ng: int
    rows: Sequence[ExplainedEntry]
