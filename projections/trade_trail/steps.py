"""The steps around a subject: read in one statement, in few fat rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from struct import Struct
from typing import Any, NamedTuple

from projections.ports import Rows
from projections.trade_trail.query import TrailQuery

# A value that is handed over costs more than what is in it, so the steps of each client and measure come joined: NUL,
# which no text contains, stands between texts, and numbers have eight bytes each. Either all steps of a measure have a
# shipment, or none has. ``textsend`` gives the client's encoding, and takes less than ``convert_to``.
_COLUMNS = """t.measure, string_agg(textsend(t.sale), '\\x00'::bytea) AS sales,
    string_agg(textsend(t.shipment), '\\x00'::bytea) AS shipments,
    string_agg(int8send(t.position), '') AS positions, string_agg(int8send(t.net_mg), '') AS mg, {counts} AS counts"""
_ALL_COUNT = "NULL::boolean[]"
_COUNTS = "array_agg({period})"
_PERIOD = """((%(from_month)s::text IS NULL OR t.business_date >= (%(from_month)s || '-01')::date)
    AND (%(to_month)s::text IS NULL OR t.business_date < (%(to_month)s || '-01')::date + interval '1 month'))"""
# Only what lies in a sale in which a step of the subject lies within the period.
_IN_PERIOD = """ AND t.sale = ANY(ARRAY(
        SELECT t.sale FROM trail_steps t WHERE {place} AND t.position <= %(position)s AND {period}))"""
_STEPS = """
SELECT t.client, {columns} FROM trail_steps t
WHERE {place} AND t.position <= %(position)s{in_period} GROUP BY t.client, t.measure
"""
# In which sales somebody else may have a part is told by rows that are not ordinary.
_NOT_ORDINARY = """
SELECT sale FROM trail_steps WHERE NOT ordinary AND {place} AND position <= %(position)s LIMIT %(most)s
"""
_BETWEEN = "sale >= %(first)s AND sale <= %(last)s"
_AMONG = "sale = ANY(%(sales)s)"
_OF_OTHERS = "t.sale = ANY(%(shared)s) AND t.client <> ALL(%(subjects)s)"
# A shipment is found through its events.
_PLACES = {
    "client": "t.client = ANY(%(subjects)s)",
    "exporter": "t.sale >= %(first_sale)s AND t.sale < %(after_sales)s",
    "sale": "t.sale = ANY(%(subjects)s)",
    "shipment": """t.sale = ANY(ARRAY(
        SELECT s.sale FROM trail_steps s WHERE s.position = ANY(ARRAY(
            SELECT e.position FROM lodestone.events e WHERE e.stream = ANY(%(subjects)s)))))""",
}


class Steps(NamedTuple):
    """Steps of one client and one measure, in columns.

    Attributes:
        shipments: of each step, None where the measure knows none.
        counts: which of them lie within the period; None: all.
    """

    client: str
    measure: str
    sales: Sequence[str]
    shipments: Sequence[str] | None
    positions: Sequence[int]
    mg: Sequence[int]
    counts: Sequence[bool] | None

    @classmethod
    def of(cls, row: Sequence[Any], apart: dict[bytes, list[str]]) -> "Steps":
        """Take a row's columns apart.

        Args:
            row: as ``_COLUMNS`` has it.
            apart: joined texts -> texts; the sales of a client are mostly the same for several measures.
        """
        client, measure, sales, shipments, positions, mg, counts = row
        for joined in (sales, shipments):
            if joined is not None and joined not in apart:
                apart[joined] = joined.decode().split("\0")
        numbers = Struct(f">{len(mg) // 8}q").unpack
        papers = None if shipments is None else apart[shipments]
        return cls(client, measure, apart[sales], papers, numbers(positions), numbers(mg), counts)

    def where(self, chosen: Iterable[bool]) -> "Steps":
        """Give some of them."""
        flags = list(chosen)
        if all(flags):
            return self
        columns = [None if column is None else list(compress(column, flags)) for column in self[2:]]
        return Steps(self.client, self.measure, *columns)  # type: ignore[arg-type]  # each of its own type


class Subject(NamedTuple):
    """What a trail begins at: streams of one kind."""

    kind: str
    streams: Sequence[str]

    def shown(self, steps: Steps) -> Steps:
        """Give the steps that are shown: within the period, and of no other shipment than the one asked for."""
        found = steps if steps.counts is None else steps.where(steps.counts)
        return self.of_shipment(found)

    def of_shipment(self, steps: Steps) -> Steps:
        """Leave steps of other shipments out, where one is asked for."""
        if self.kind != "shipment" or steps.shipments is None:
            return steps
        return steps.where(each in self.streams for each in steps.shipments)

    def own(self, steps: Steps) -> Steps:
        """Give the steps that are the subject's own, within the period."""
        counted = steps if steps.counts is None else steps.where(steps.counts)
        match self.kind:
            case "client":
                return counted.where(repeat(steps.client in self.streams, len(counted.sales)))
            case "shipment":
                shipments = counted.shipments or repeat(None, len(counted.sales))
                return counted.where(each in self.streams for each in shipments)
            case _:
                return counted


def read_steps(rows: Rows, subject: Subject, query: TrailQuery, position: int) -> list[Steps]:
    """Read all steps, of whichever client, of every sale in which a step of the subject stands within the period."""
    place = _PLACES[subject.kind]
    parameters: dict[str, Any] = {"subjects": list(subject.streams), "position": position}
    columns, in_period = _COLUMNS.format(counts=_ALL_COUNT), ""
    if query.from_month or query.to_month:
        columns = _COLUMNS.format(counts=_COUNTS.format(period=_PERIOD))
        in_period = _IN_PERIOD.format(place=place, period=_PERIOD)
        parameters |= {"from_month": query.from_month, "to_month": query.to_month}
    if subject.kind == "exporter":
        uscc = subject.streams[0].partition("/")[2]
        # What follows the slash in order ends what begins with it.
        parameters |= {"first_sale": f"sale/{uscc}/", "after_sales": f"sale/{uscc}0"}
    own = _read(rows, _STEPS.format(columns=columns, place=place, in_period=in_period), parameters)
    shared = _shared(rows, own, position) if subject.kind == "client" else ()
    if shared:
        statement = _STEPS.format(columns=columns, place=_OF_OTHERS, in_period="")
        own += _read(rows, statement, {**parameters, "shared": sorted(shared)})
    return _standing(own, subject)


def _read(rows: Rows, statement: str, parameters: dict[str, Any]) -> list[Steps]:
    apart: dict[bytes, list[str]] = {}
    return [Steps.of(row, apart) for row in rows.execute(statement, parameters)]


def _shared(rows: Rows, own: Sequence[Steps], position: int) -> set[str]:
    """Give those of a client's sales in which another client may have a part.

    Contracts of one client are numbered closely, so that few rows lie between its first and its last sale; where there
    are more than the client has, its own are named.
    """
    if not own:
        return set()
    asked = {"position": position, "most": sum(len(each.sales) for each in own)}
    columns = {id(each.sales): each.sales for each in own}.values()
    ends = {"first": min(map(min, columns)), "last": max(map(max, columns))}
    found = rows.execute(_NOT_ORDINARY.format(place=_BETWEEN), {**asked, **ends})
    if not found:
        return set()
    sales = {sale for each in own for sale in each.sales}
    if len(found) == asked["most"]:
        found = rows.execute(_NOT_ORDINARY.format(place=_AMONG), {**asked, "most": None, "sales": list(sales)})
    return sales.intersection(sale for (sale,) in found)


def _standing(steps: list[Steps], subject: Subject) -> list[Steps]:
    """Leave out the sales in which all that the subject did was taken back."""
    if subject.kind != "shipment" and all(each.counts is None and min(each.mg) > 0 for each in steps):
        return steps
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for each in map(subject.own, steps):
        for sale, mg in zip(each.sales, each.mg, strict=True):
            sums[sale, each.measure] += mg
    standing = {sale for (sale, _), mg in sums.items() if mg}
    return [each.where(sale in standing for sale in each.sales) for each in steps]
