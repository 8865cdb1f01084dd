"""Sales on the fast lane: judged by the domain's own rules, once for all that is alike, and written as text.

The rules are asked once for all lines of a shape and all sales of a pair of parties. Whatever is out of the ordinary
leaves the lane and is judged by ``domain.sale.decide``: every refusal comes from there. A property test compares both
ways. A new rule about a sale needs a line here if it depends on a mass or a contract number, and one in ``LineTerms``
if it depends on a price.
"""

from datetime import date
from typing import TypeVar

from msgspec import Struct

from application.handling.states import States, client_of, exporter_of, grade_of
from application.plain_sales import LineShape, PlainSale, SaleParties, json_text
from domain.client.decide import judge_client
from domain.client.state import Client
from domain.errors import DomainError
from domain.event import MAX_NET_MG
from domain.exporter.decide import judge_exporter
from domain.exporter.state import Exporter
from domain.grade.state import Grade
from domain.judging import EXPORTER, Judge
from domain.sale.commands import SaleLineFiled
from domain.sale.lines import recorded_line

TYPE, SCHEMA_VERSION = "sale.recorded", 1
_MOST_KEPT = 50_000
Key = TypeVar("Key")
Value = TypeVar("Value")


class _JudgedLine(Struct, frozen=True):
    """What the rules say of a shape of line from one day until before another, if the grade stays as it is."""

    grade: Grade
    since: date
    until: date
    around: tuple[str, str] | None


class SalesLane:
    """Judges sales whose contract is new; keeps what the rules said of parties and shapes of lines."""

    def __init__(self) -> None:
        self._parties: dict[SaleParties, tuple[Exporter, Client, tuple[str, str] | None]] = {}
        # As last judged: files go by date, or nearly so.
        self._lines: dict[LineShape, _JudgedLine] = {}
        self._shapes: dict[tuple[LineShape, date], _JudgedLine] = {}

    def event_data(self, sale: PlainSale, states: States, today: date) -> bytes | None:
        """Write ``SaleRecorded`` as canonical JSON; None where the ordinary way has to judge."""
        signed_on = sale.day.date
        parties = self._judged_parties(sale.parties, states)
        if parties is None or signed_on > today:
            return None
        lines: list[str] = []
        total = 0
        for terms, net_mg in sale.lines:
            shape = terms.shape
            line = self._lines.get(shape)
            if line is None or line.grade is not states[shape.stream] or not line.since <= signed_on < line.until:
                line = self._judged_line(shape, signed_on, states)
            around = line.around
            if around is None or net_mg <= 0 or not terms.holds:
                return None
            lines.append(f'{around[0]}{net_mg},"ppm":{terms.composition or around[1]}{terms.behind}')
            total += net_mg
        if total > MAX_NET_MG:
            return None
        before, between = parties
        behind = f'],"measure":"sold","signed_on":"{sale.day.text}","violations":[]}}'
        return f"{before}{sale.number}{between}{','.join(lines)}{behind}".encode()

    def _judged_parties(self, parties: SaleParties, states: States) -> tuple[str, str] | None:
        exporter, client = states[parties.reads[0]], states[parties.reads[1]]
        kept = self._parties.get(parties)
        if kept is None or kept[0] is not exporter or kept[1] is not client:
            exporter = exporter_of(states, parties.exporter)
            client = client_of(states, parties.exporter, parties.client_ref)
            kept = _keep(self._parties, parties, (exporter, client, _judge_parties(parties, exporter, client)))
        return kept[2]

    def _judged_line(self, shape: LineShape, day: date, states: States) -> _JudgedLine:
        # The day counts only by the composition that is in force on it.
        grade = grade_of(states, shape.grade)
        since, until = grade.unchanged_around(day)
        judged = self._shapes.get((shape, since))
        if judged is None or judged.grade is not grade:
            judged = _JudgedLine(grade, since, until, _judge_shape(shape, day, grade))
            _keep(self._shapes, (shape, since), judged)
        return _keep(self._lines, shape, judged)


def _keep(kept: "dict[Key, Value]", key: Key, value: Value) -> Value:
    if len(kept) > _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value


def _judge_parties(parties: SaleParties, exporter: Exporter, client: Client) -> tuple[str, str] | None:
    judge = Judge(EXPORTER)
    try:
        judge_exporter(exporter, parties.exporter, judge)
        judge_client(client, parties.client_ref, parties.exporter, judge)
        judge.settle()
    except DomainError:
        return None
    destination = "null" if client.country is None else json_text(client.country)
    return (
        f'{{"client":{json_text(parties.reads[1])},"contract_no":',
        f',"destination":{destination},"exporter":{json_text(parties.exporter)},"lines":[',
    )


def _judge_shape(shape: LineShape, signed_on: date, grade: Grade) -> tuple[str, str] | None:
    """Judge a line of this shape with a mass, a price and a composition that are right; its basis and nominal ppm."""
    filed = SaleLineFiled(
        line_no=shape.line_no,
        grade=shape.grade,
        net_mg=1,
        hs_code=shape.hs_code,
        ppm={"Nd": 1} if shape.assayed else None,
        unit_price="1" if shape.priced else None,
        currency=shape.currency,
    )
    judge = Judge(EXPORTER)
    recorded = recorded_line(filed, signed_on, {shape.grade: grade}, judge)
    try:
        judge.settle()
    except DomainError:
        return None
    return f'{{"basis":"{recorded.basis}",{shape.filed[1:]}', json_text(recorded.ppm)
