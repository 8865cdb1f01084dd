"""Sales that are nothing but sales: read as plain values, and written without building models.

A sale that breaks no rule and whose contract is new is most of what is ever filed. ``sales_lane`` judges it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha1
from typing import NamedTuple

from msgspec import Struct

from application.encoding import content_of, encode_value
from application.filing import Filing
from domain.commands import NAMESPACE
from domain.composition import check_composition
from domain.errors import DomainError
from domain.sale.commands import RecordSale, SaleLineFiled
from domain.streams import client_stream, exporter_stream, grade_stream

KIND = "sales"
_NAMESPACE = NAMESPACE.bytes
# A digest's first 128 bits, but for the version and the variant.
_VERSION_5 = 0x5 << 76 | 0b10 << 62
_OF_DIGEST = ~(0xF << 76 | 0b11 << 62)
_MOST_PRICE_PLACES = 6


@dataclass(frozen=True, slots=True, eq=False)
class LineShape:
    """What many lines have in common; one object for equal values.

    Attributes:
        assayed: the line states a composition of its own.
        priced: it states a price.
        stream: of the grade.
        filed: the content as filed, up to the mass.
    """

    line_no: int
    grade: str
    hs_code: str
    currency: str | None
    assayed: bool
    priced: bool
    stream: str
    filed: str

    @classmethod
    def of(  # noqa: PLR0913 - what a file says of a line, each field as it is spelt there
        cls, line_no: int, grade: str, hs_code: str, currency: str | None, *, assayed: bool, priced: bool
    ) -> "LineShape":
        """Make a shape, its content written."""
        texts = f'{{"currency":{json_text(currency)},"grade":{json_text(grade)},"hs_code":{json_text(hs_code)}'
        filed = f'{texts},"line_no":{line_no},"net_mg":'
        return cls(line_no, grade, hs_code, currency, assayed, priced, grade_stream(grade), filed)


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


class LineTerms(Struct, frozen=True, eq=False):
    """What a line states but for its mass.

    Attributes:
        filed: the content as filed, behind the mass.
        composition: JSON of its own composition, None where it is that of the grade.
        behind: what is written behind a composition: the price.
        holds: no rule speaks against its own composition or the places of its price.
    """

    shape: LineShape
    unit_price: str | None
    ppm: dict[str, int] | None
    filed: str
    composition: str | None
    behind: str
    holds: bool

    @classmethod
    def of(cls, shape: LineShape, unit_price: str | None, composition: Composition | None) -> "LineTerms":
        """Put terms together, their content written."""
        # A price holds digits and a point: nothing to escape.
        behind = ',"unit_price":null}' if unit_price is None else f',"unit_price":"{unit_price}"}}'
        holds = unit_price is None or len(unit_price.partition(".")[2]) <= _MOST_PRICE_PLACES
        if composition is None:
            return cls(shape, unit_price, None, f',"ppm":null{behind}', None, behind, holds)
        ppm, written, composed = composition
        return cls(shape, unit_price, ppm, f',"ppm":{written}{behind}', written, behind, holds and composed)


# Terms and milligrams.
PlainLine = tuple[LineTerms, int]


@dataclass(frozen=True, slots=True, eq=False)
class SaleParties:
    """Who sells to whom; one object for equal values.

    Attributes:
        reads: the streams of the exporter and of the client.
        filed: what a filing is known by, less contract and lines: what stands before, between and behind the two
            places of the contract's number, the first of which lacks its opening quote.
    """

    exporter: str
    client_ref: str
    reads: tuple[str, str]
    filed: tuple[str, str, str]

    @classmethod
    def of(cls, exporter: str, client_ref: str) -> "SaleParties":
        """Make parties, their content written."""
        written = json_text(exporter)
        # JSON escapes character by character, so a key is written as its parts are.
        key, behind = f"{written[:-1]}/", f',"exporter":{written},"lines":['
        filed = key, f',{{"client_ref":{json_text(client_ref)},"contract_no":', behind
        reads = exporter_stream(exporter), client_stream(exporter, client_ref)
        return cls(exporter, client_ref, reads, filed)


class Day(NamedTuple):
    """A business date, as it is written, and the moment at which it begins."""

    date: date
    text: str
    begins: datetime


class PlainSale(Struct, frozen=True):
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
            return (*self.parties.reads, self.lines[0][0].shape.stream)
        return (*self.parties.reads, *[terms.shape.stream for terms, _ in self.lines])

    def command_id(self, source: str) -> bytes:
        """Give the idempotency key, that of the same ``Filing``, as 16 bytes."""
        before, between, behind = self.parties.filed
        number = self.number
        lines = ",".join([f"{terms.shape.filed}{net_mg}{terms.filed}" for terms, net_mg in self.lines])
        known_by = f'{before}{number[1:]}{between}{number}{behind}{lines}],"signed_on":"{self.day.text}"}}'
        return uuid5_bytes(f'["{KIND}","{source}",{known_by}]')

    def filing(self) -> Filing:
        """Give the same as a filing of the ordinary way."""
        lines = tuple(
            SaleLineFiled(
                line_no=terms.shape.line_no,
                grade=terms.shape.grade,
                net_mg=net_mg,
                hs_code=terms.shape.hs_code,
                ppm=terms.ppm,
                unit_price=terms.unit_price,
                currency=terms.shape.currency,
            )
            for terms, net_mg in self.lines
        )
        command = RecordSale(
            exporter=self.parties.exporter,
            contract_no=self.contract_no,
            client_ref=self.parties.client_ref,
            signed_on=self.day.date,
            lines=lines,
        )
        return Filing(KIND, f"{self.parties.exporter}/{self.contract_no}", content_of(command), command)


def uuid5_bytes(name: str) -> bytes:
    """Give the 16 bytes of the UUIDv5 by which a filing is known."""
    digest = sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()
    return (int.from_bytes(digest[:16]) & _OF_DIGEST | _VERSION_5).to_bytes(16)


def json_text(value: str | dict[str, int] | None) -> str:
    """Write a value as canonical JSON."""
    return encode_value(value).decode()
