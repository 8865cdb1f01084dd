"""Sales on the fast lane: read as plain values, judged by the same rules, written without building models.

A sale that breaks no rule and whose contract is new is most of what is ever filed. The lane asks the domain's own rules
once for all lines of a shape and all sales of a pair of parties, and writes the event as text. Whatever is out of the
ordinary leaves the lane and is judged by ``domain.sale.decide``: every refusal comes from there. A property test
compares the two ways. A new rule about a sale needs a line here if it depends on a mass, a price or a contract number.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha1
from typing import NamedTuple, TypeVar

from application.encoding import content_of, encode_value
from application.filing import Filing
from application.handling.states import States, client_of, exporter_of, grade_of
from domain.client.decide import judge_client
from domain.client.state import Client
from domain.commands import NAMESPACE
from domain.composition import check_composition
from domain.errors import DomainError
from domain.event import MAX_NET_MG
from domain.exporter.decide import judge_exporter
from domain.exporter.state import Exporter
from domain.grade.state import Grade
from domain.judging import EXPORTER, Judge
from domain.sale.commands import RecordSale, SaleLineFiled
from domain.sale.lines import recorded_line
from domain.streams import client_stream, exporter_stream, grade_stream

KIND = "sales"
TYPE, SCHEMA_VERSION = "sale.recorded", 1
_PRICE_PLACES = 6
_MOST_KEPT = 50_000
Key = TypeVar("Key")
Value = TypeVar("Value")
_NAMESPACE = NAMESPACE.bytes
_VERSION_5 = [bytes([each & 0x0F | 0x50]) for each in range(256)]
_VARIANT = [bytes([each & 0x3F | 0x80]) for each in range(256)]


@dataclass(frozen=True, slots=True, eq=False)
class LineShape:
    """What many lines have in common; one object for equal values.

    Attributes:
        assayed: the line states a composition of its own.
        stream: of the grade.
        filed: the content as filed, up to the mass.
    """

    line_no: int
    grade: str
    hs_code: str
    currency: str | None
    assayed: bool
    stream: str
    filed: str

    @classmethod
    def of(cls, line_no: int, grade: str, hs_code: str, currency: str | None, *, assayed: bool) -> "LineShape":
        """Make a shape, its content written."""
        texts = f'{{"currency":{json_text(currency)},"grade":{json_text(grade)},"hs_code":{json_text(hs_code)}'
        filed = f'{texts},"line_no":{line_no},"net_mg":'
        return cls(line_no, grade, hs_code, currency, assayed, grade_stream(grade), filed)


class Composition(NamedTuple):
    """A composition as filed, what is written of it, and whether no rule speaks against it."""

    ppm: dict[str, int]
    written: str
    holds: bool

    @classmethod
    def of(cls, ppm: dict[str, int]) -> "Composition":
        """Judge and write a composition."""
        try:
            check_composition(ppm)
        except DomainError:
            return cls(ppm, json_text(ppm), holds=False)
        return cls(ppm, json_text(ppm), holds=True)


class PlainLine(NamedTuple):
    """A line: its shape and what is its own."""

    shape: LineShape
    net_mg: int
    unit_price: str | None
    composition: Composition | None


@dataclass(frozen=True, slots=True, eq=False)
class SaleParties:
    """Who sells to whom; one object for equal values.

    Attributes:
        written: the exporter's JSON.
        reads: the streams of the exporter and of the client.
        filed: the content as filed, less contract and lines: what stands before and between them.
    """

    exporter: str
    client_ref: str
    written: str
    reads: tuple[str, str]
    filed: tuple[str, str]

    @classmethod
    def of(cls, exporter: str, client_ref: str) -> "SaleParties":
        """Make parties, their content written."""
        written = json_text(exporter)
        filed = f'{{"client_ref":{json_text(client_ref)},"contract_no":', f',"exporter":{written},"lines":['
        reads = exporter_stream(exporter), client_stream(exporter, client_ref)
        return cls(exporter, client_ref, written, reads, filed)


class Day(NamedTuple):
    """A business date, as it is written, and the moment at which it begins."""

    date: date
    text: str
    begins: datetime


class PlainSale(NamedTuple):
    """A sale as filed, with lines in the order of their numbers, each number once.

    Attributes:
        number: the contract's JSON.
    """

    parties: SaleParties
    contract_no: str
    number: str
    day: Day
    lines: list[PlainLine]
    stream: str

    @property
    def reads(self) -> tuple[str, ...]:
        """Name the streams that it only reads: of the exporter, the client and the grades."""
        if len(self.lines) == 1:
            return (*self.parties.reads, self.lines[0].shape.stream)
        return (*self.parties.reads, *{line.shape.stream: None for line in self.lines})

    def command_id(self, source: str) -> bytes:
        """Give the idempotency key, that of the same ``Filing``, as 16 bytes."""
        before, between = self.parties.filed
        # JSON escapes character by character, so a key is written as its parts are.
        key = f"{self.parties.written[:-1]}/{self.number[1:]}"
        lines = ",".join([_line(line.shape.filed, _filed_composition(line), line) for line in self.lines])
        content = f'{before}{self.number}{between}{lines}],"signed_on":"{self.day.text}"}}'
        return uuid5_bytes(f'["{KIND}","{source}",{key},{content}]')

    def filing(self) -> Filing:
        """Give the same as a filing of the ordinary way."""
        lines = tuple(
            SaleLineFiled(
                line_no=line.shape.line_no,
                grade=line.shape.grade,
                net_mg=line.net_mg,
                hs_code=line.shape.hs_code,
                ppm=None if line.composition is None else line.composition.ppm,
                unit_price=line.unit_price,
                currency=line.shape.currency,
            )
            for line in self.lines
        )
        command = RecordSale(
            exporter=self.parties.exporter,
            contract_no=self.contract_no,
            client_ref=self.parties.client_ref,
            signed_on=self.day.date,
            lines=lines,
        )
        return Filing(KIND, f"{self.parties.exporter}/{self.contract_no}", content_of(command), command)


class SalesLane:
    """Judges sales whose contract is new; keeps what the rules said of parties and shapes of lines."""

    def __init__(self) -> None:
        self._parties: dict[SaleParties, tuple[Exporter, Client, tuple[str, str] | None]] = {}
        self._since: dict[tuple[str, date], tuple[Grade, date | None]] = {}
        self._shapes: dict[tuple[LineShape, date | None, bool], tuple[Grade, tuple[str, str] | None]] = {}

    def event_data(self, sale: PlainSale, states: States, today: date) -> bytes | None:
        """Write ``SaleRecorded`` as canonical JSON; None where the ordinary way has to judge."""
        parties, _, number, day, sale_lines, _ = sale
        judged = self._judged_parties(parties, states)
        if judged is None or day.date > today:
            return None
        lines: list[str] = []
        total = 0
        for line in sale_lines:
            _, net_mg, price, composition = line
            around = self._judged_shape(line, day.date, states)
            if around is None or net_mg <= 0 or (price is not None and not _fits(price)):
                return None
            if composition is not None and not composition.holds:
                return None
            lines.append(_line(around[0], around[1] if composition is None else composition.written, line))
            total += net_mg
        if total > MAX_NET_MG:
            return None
        before, between = judged
        behind = f'],"measure":"sold","signed_on":"{day.text}","violations":[]}}'
        return f"{before}{number}{between}{','.join(lines)}{behind}".encode()

    def _judged_parties(self, parties: SaleParties, states: States) -> tuple[str, str] | None:
        exporter, client = states[parties.reads[0]], states[parties.reads[1]]
        kept = self._parties.get(parties)
        if kept is None or kept[0] is not exporter or kept[1] is not client:
            exporter = exporter_of(states, parties.exporter)
            client = client_of(states, parties.exporter, parties.client_ref)
            kept = _keep(self._parties, parties, (exporter, client, _judge_parties(parties, exporter, client)))
        return kept[2]

    def _judged_shape(self, line: PlainLine, signed_on: date, states: States) -> tuple[str, str] | None:
        shape = line.shape
        # The day counts only by the composition that is in force on it.
        since = self._since.get((shape.stream, signed_on))
        if since is None or since[0] is not states[shape.stream]:
            grade = grade_of(states, shape.grade)
            nominal = grade.in_force(signed_on)
            since = (grade, None if nominal is None else nominal.effective_from)
            _keep(self._since, (shape.stream, signed_on), since)
        key = (shape, since[1], line.unit_price is None)
        kept = self._shapes.get(key)
        if kept is None or kept[0] is not since[0]:
            kept = _keep(self._shapes, key, (since[0], _judge_shape(line, signed_on, since[0])))
        return kept[1]


def uuid5_bytes(name: str) -> bytes:
    """Give the 16 bytes of the UUIDv5 by which a filing is known."""
    digest = sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()
    return digest[:6] + _VERSION_5[digest[6]] + digest[7:8] + _VARIANT[digest[8]] + digest[9:16]


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


def _judge_shape(line: PlainLine, signed_on: date, grade: Grade) -> tuple[str, str] | None:
    """Judge a line of this shape with a mass, a price and a composition that are right; its basis and nominal ppm."""
    shape = line.shape
    filed = SaleLineFiled(
        line_no=shape.line_no,
        grade=shape.grade,
        net_mg=1,
        hs_code=shape.hs_code,
        ppm={"Nd": 1} if shape.assayed else None,
        unit_price=None if line.unit_price is None else "1",
        currency=shape.currency,
    )
    judge = Judge(EXPORTER)
    recorded = recorded_line(filed, signed_on, {shape.grade: grade}, judge)
    try:
        judge.settle()
    except DomainError:
        return None
    return f'{{"basis":"{recorded.basis}",{shape.filed[1:]}', json_text(recorded.ppm)


def _fits(price: str) -> bool:
    return len(price.partition(".")[2]) <= _PRICE_PLACES


def _filed_composition(line: PlainLine) -> str:
    return "null" if line.composition is None else line.composition.written


def _line(before: str, ppm: str, line: PlainLine) -> str:
    # A price holds digits and a point: nothing to escape.
    price = "null" if line.unit_price is None else f'"{line.unit_price}"'
    return f'{before}{line.net_mg},"ppm":{ppm},"unit_price":{price}}}'


def json_text(value: str | dict[str, int] | None) -> str:
    """Write a value as canonical JSON."""
    return encode_value(value).decode()
