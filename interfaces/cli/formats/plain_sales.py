"""Reading the rows of a sale without models: what reads otherwise, or not at all, is left to the ordinary way."""

from collections.abc import Sequence
from operator import itemgetter
from typing import TypeVar

from application.plain_sales import (
    Composition,
    Day,
    LineShape,
    LineTerms,
    PlainLine,
    PlainSale,
    SaleParties,
    json_text,
)
from domain.calendar import midnight
from domain.errors import DomainError
from domain.streams import sale_stream
from interfaces.cli.formats import fields
from interfaces.cli.formats.errors import FieldError
from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.row import Row
from interfaces.cli.formats.trade_kinds import SALES

_SHARED = ("exporter_uscc", "contract_no", "client_ref", "signed_on")
_BUT_MASS = ("line_no", "grade", "hs_code", "currency", "composition", "unit_price")
_MOST_KEPT = 50_000
_MOST_WHOLE = 9
# How many milligrams the last of so many decimal places counts.
_MG_BY_PLACES = {1: 100_000, 2: 10_000, 3: 1_000, 4: 100, 5: 10, 6: 1}

Texts = tuple[str, ...]
Shape = tuple[str, str, str, str, bool, bool]
Key = TypeVar("Key")
Value = TypeVar("Value")


class PlainSales:
    """Reads rows of one file; what was read once is kept by its texts.

    Args:
        header: of the file.
    """

    def __init__(self, header: Sequence[str]) -> None:
        # A column that the file does not have reads as the empty text behind each row.
        places = {name: place for place, name in enumerate(header)}
        self._shared = itemgetter(*(places[name] for name in _SHARED))
        self._but_mass = itemgetter(*(places.get(name, len(header)) for name in _BUT_MASS))
        self._kg = places["net_kg"]
        self._whole = len(header) == len(SALES.columns)
        self._parties: dict[tuple[str, str], SaleParties] = {}
        self._days: dict[str, Day] = {}
        self._unpriced: dict[Texts, LineTerms] = {}
        self._shapes: dict[Shape, LineShape] = {}
        self._compositions: dict[str, Composition] = {}

    def read(self, rows: Sequence[Row]) -> PlainSale | None:
        """Read the rows of one key; None where anything is out of the ordinary."""
        shared: Texts | None = None
        lines: list[PlainLine] = []
        try:
            for row in rows:
                if row.fault is not None:
                    return None
                texts = row.texts if self._whole else [*row.texts, ""]
                if shared is None:
                    shared = self._shared(texts)
                elif shared != self._shared(texts):
                    return None
                but_mass, kg = self._but_mass(texts), texts[self._kg]
                terms = self._unpriced.get(but_mass) or self._read_terms(but_mass)
                if terms is None or not kg:
                    return None
                lines.append((terms, _mass(kg)))
            return self._sale(shared, lines) if shared is not None else None
        except (FieldError, DomainError):
            return None

    def _read_terms(self, texts: Texts) -> LineTerms | None:
        line_no, grade, hs_code, currency, stated, price = texts
        of_shape = (line_no, grade, hs_code, currency, bool(stated), bool(price))
        shape = self._shapes.get(of_shape) or self._read_shape(of_shape)
        if shape is None:
            return None
        composition = (self._compositions.get(stated) or self._read_composition(stated)) if stated else None
        if price:
            # Too many differ to be kept.
            return LineTerms.of(shape, fields.price(price), composition)
        return _keep(self._unpriced, texts, LineTerms.of(shape, None, composition))

    def _sale(self, shared: Texts, lines: list[PlainLine]) -> PlainSale | None:
        exporter, contract_no, client_ref, signed_on = shared
        named = (exporter, client_ref)
        parties = self._parties.get(named) or self._read_parties(named)
        day = self._days.get(signed_on) or self._read_day(signed_on)
        if parties is None or day is None or not contract_no:
            return None
        if len(lines) > 1:
            if len({terms.shape.line_no for terms, _ in lines}) < len(lines):
                return None
            lines.sort(key=_line_no)
        return PlainSale(
            parties, fields.key(contract_no), json_text(contract_no), day, lines, sale_stream(exporter, contract_no)
        )

    def _read_parties(self, texts: tuple[str, str]) -> SaleParties | None:
        exporter, client_ref = texts
        if not (exporter and client_ref):
            return None
        return _keep(self._parties, texts, SaleParties.of(fields.key(exporter), fields.key(client_ref)))

    def _read_day(self, text: str) -> Day | None:
        if not text:
            return None
        day = fields.day(text)
        return _keep(self._days, text, Day(day, str(day), midnight(day)))

    def _read_composition(self, text: str) -> Composition:
        return _keep(self._compositions, text, Composition.of(fields.composition(text)))

    def _read_shape(self, of_shape: Shape) -> LineShape | None:
        line_no, grade, hs_code, currency, assayed, priced = of_shape
        if not (line_no and grade and hs_code):
            return None
        for text in (hs_code, currency):
            fields.check_characters(text)
        shape = LineShape.of(
            fields.line_no(line_no),
            fields.key(grade),
            fields.text(hs_code),
            fields.text(currency) if currency else None,
            assayed=assayed,
            priced=priced,
        )
        return _keep(self._shapes, of_shape, shape)


def plain_sales(header: Sequence[str], kind: Kind) -> PlainSales | None:
    """Give a reader for the rows of a file; None for all kinds but sales."""
    return PlainSales(header) if kind is SALES else None


def _mass(kg: str) -> int:
    """Read plain digits and places at once; whatever else it is, or is not, ``fields.mass`` says."""
    whole, _, places = kg.partition(".")
    digits, mg = whole + places, _MG_BY_PLACES.get(len(places))
    if mg and 0 < len(whole) <= _MOST_WHOLE and digits.isdecimal() and digits.isascii():
        return int(digits) * mg
    return fields.mass(kg)


def _line_no(line: PlainLine) -> int:
    return line[0].shape.line_no


def _keep(kept: "dict[Key, Value]", texts: Key, value: Value) -> Value:
    if len(kept) > _MOST_KEPT:
        kept.clear()
    kept[texts] = value
    return value
