"""From a question to conditions on columns that indexes know, for totals and for the ledger."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.calendar import month_of
from projections.client_party.queries import clients_of
from projections.ports import Rows
from projections.volume_ledger.query import VolumeQuery

_IN_FORCE = """
SELECT FROM client_party WHERE client = %(client)s AND from_position <= %(position)s LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Which business dates count. Totals know months, so a month of which a part counts is read from the ledger.

    Attributes:
        first_day: None for all.
        last_day: None for all.
        first_month: the month of ``first_day``.
        last_month: the last month that counts whole.
        part_from: the first day of the month that counts in part, None if none does.
    """

    first_day: date | None
    last_day: date | None
    first_month: str | None
    last_month: str | None
    part_from: date | None


@dataclass(frozen=True, slots=True)
class Filters:
    """A question's filters, with parties turned into the clients that they were at the answer's position.

    Attributes:
        equal: dimension -> values, one of which a row must have; no values let nothing through.
        of_elements: whether rows of elements are meant, or those of net mass.
        span: which business dates.
    """

    equal: Mapping[str, Sequence[str]]
    of_elements: bool
    span: Span

    def only(self, word: str) -> str | None:
        """Give the SQL of the one value that a word may have, None if it may have others."""
        if word == "element" and not self.of_elements:
            return "NULL"
        return f"%({word})s" if len(self.equal.get(word, ())) == 1 else None

    def on(self, columns: Mapping[str, str]) -> list[str]:
        """Give conditions on those words that these columns are of (word -> SQL)."""
        clauses = []
        if "element" in columns:
            clauses.append(f"{columns['element']} IS {'NOT ' if self.of_elements else ''}NULL")
        for word, wanted in self.equal.items():
            if word in columns:
                clauses.append(f"{columns[word]} = " + (f"%({word})s" if len(wanted) == 1 else f"ANY(%({word})s)"))
        return clauses

    def on_time(self, columns: Mapping[str, str]) -> list[str]:
        """Give conditions on the column ``business_date`` where there is one, else on ``month``, for whole months."""
        by_day = "business_date" in columns
        column, unit = (columns["business_date"], "day") if by_day else (columns["month"], "month")
        span = self.span
        first, last = (span.first_day, span.last_day) if by_day else (span.first_month, span.last_month)
        clauses = [] if first is None else [f"{column} >= %(first_{unit})s"]
        return clauses if last is None else [*clauses, f"{column} <= %(last_{unit})s"]

    def parameters(self) -> dict[str, Any]:
        """Give the values that the conditions name."""
        values: dict[str, Any] = {
            "first_day": self.span.first_day,
            "last_day": self.span.last_day,
            "first_month": self.span.first_month,
            "last_month": self.span.last_month,
            "part_from": self.span.part_from,
        }
        for name, wanted in self.equal.items():
            values[name] = wanted[0] if len(wanted) == 1 else list(wanted)
        return values


def filters_of(rows: Rows, query: VolumeQuery, position: int) -> Filters:
    """Read a question's filters."""
    equal: dict[str, Sequence[str]] = {
        "exporter": query.exporters,
        "destination": query.destinations,
        "measure": query.measures,
        "element": query.elements,
        "client": query.clients,
    }
    equal = {name: values for name, values in equal.items() if values}
    if query.parties:
        found = {client for party in query.parties for client in _clients(rows, party, position)}
        equal["client"] = sorted(found & set(query.clients) if query.clients else found)
    return Filters(equal=equal, of_elements=query.of_elements, span=_span(query))


def _clients(rows: Rows, party: str, position: int) -> Sequence[str]:
    """Give who a party was; a client that nobody listed is its own party."""
    if rows.execute(_IN_FORCE, {"client": party, "position": position}):
        return clients_of(rows, party, position)
    return [party, *clients_of(rows, party, position)]


def _span(query: VolumeQuery) -> Span:
    first = None if query.from_month is None else date.fromisoformat(f"{query.from_month}-01")
    last = None if query.to_month is None else _last_day(date.fromisoformat(f"{query.to_month}-01"))
    if query.as_of is not None:
        last = query.as_of if last is None else min(last, query.as_of)
    if last is None:
        return Span(first, None, query.from_month, None, None)
    if last == _last_day(last):
        return Span(first, last, query.from_month, month_of(last), None)
    part_from = last.replace(day=1)
    before = part_from - timedelta(days=1) if part_from > date.min else None
    # No month lies before the first one that a date can have.
    return Span(first, last, query.from_month, "" if before is None else month_of(before), part_from)


def _last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
