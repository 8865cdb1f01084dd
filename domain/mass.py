"""Mass: whole milligrams in events, whole nanograms in figures, decimal strings at the edges."""

import re
from typing import ClassVar

from domain.errors import DomainError
from domain.event import MAX_NET_MG

_DECIMAL = re.compile(r"([0-9]{1,9})(?:\.([0-9]+))?", re.ASCII)
_MG_PLACES_OF_KG = 6
_MG_PLACES_OF_G = 3
_NG_PLACES_OF_KG = 12
NG_PER_MG = 1_000_000


class MassMalformed(DomainError):
    """Not a plain decimal number of at most 9 digits before the point."""

    code: ClassVar[str] = "mass.malformed"


class MassTooPrecise(DomainError):
    """More decimal places than milligrams can hold; nothing is ever rounded on the way in."""

    code: ClassVar[str] = "mass.too_precise"


class MassNotPositive(DomainError):
    """A mass that is not above zero."""

    code: ClassVar[str] = "mass.not_positive"


class MassTooLarge(DomainError):
    """More than 2^53-1 mg in one filing: canonical JSON and JavaScript could not keep it."""

    code: ClassVar[str] = "mass.too_large"


def parse_kg(text: str, *, field: str | None = None) -> int:
    """Read a decimal string in kilograms (at most 6 places) as whole milligrams.

    Raises:
        MassMalformed: ``mass.malformed``.
        MassTooPrecise: ``mass.too_precise``.
    """
    return _parse(text, _MG_PLACES_OF_KG, field)


def parse_g(text: str, *, field: str | None = None) -> int:
    """Read a decimal string in grams (at most 3 places) as whole milligrams; errors as ``parse_kg``."""
    return _parse(text, _MG_PLACES_OF_G, field)


def check_net_mg(net_mg: int, *, field: str, line_no: int | None) -> None:
    """Refuse a mass that cannot have been sold or shipped.

    Raises:
        MassNotPositive: ``mass.not_positive``.
        MassTooLarge: ``mass.too_large``.
    """
    if net_mg <= 0:
        raise MassNotPositive("the net mass must be above zero", field=field, line_no=line_no)
    if net_mg > MAX_NET_MG:
        raise MassTooLarge(f"the net mass exceeds {MAX_NET_MG} mg", field=field, line_no=line_no)


def format_kg_from_ng(ng: int) -> str:
    """Write nanograms as kilograms, exact, always with 12 places."""
    return _format(ng, _NG_PLACES_OF_KG)


def format_kg_from_mg(net_mg: int) -> str:
    """Write milligrams as kilograms, exact, always with 6 places."""
    return _format(net_mg, _MG_PLACES_OF_KG)


def _parse(text: str, places: int, field: str | None) -> int:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise MassMalformed(
            f"{text!r} is not a plain decimal number (digits, at most one point, at most 9 digits before it)",
            field=field,
        )
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > places:
        raise MassTooPrecise(f"{text!r} has more than {places} decimal places", field=field)
    return int(whole + fraction.ljust(places, "0"))


def _format(amount: int, places: int) -> str:
    digits = str(abs(amount)).rjust(places + 1, "0")
    return f"{'-' if amount < 0 else ''}{digits[:-places]}.{digits[-places:]}"
