"""Composition: whole parts per million by mass, for each element once."""

import re
from collections.abc import Mapping
from typing import ClassVar

from domain.errors import DomainError

WHOLE_PPM = 1_000_000
_SYMBOLS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb
Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db
Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
ELEMENTS = frozenset(_SYMBOLS.split())
_SHARE = re.compile(r"([A-Z][a-z]?)=([0-9]{1,9})", re.ASCII)


class CompositionMalformed(DomainError):
    """Not of the form ``Nd=270000;Pr=30000`` with whole ppm."""

    code: ClassVar[str] = "composition.malformed"


class ElementUnknown(DomainError):
    """A symbol that is not in the periodic table."""

    code: ClassVar[str] = "composition.element_unknown"


class ElementRepeated(DomainError):
    """An element that is named twice."""

    code: ClassVar[str] = "composition.element_repeated"


class PpmOutOfRange(DomainError):
    """A share below 1 ppm, or shares that sum to more than the whole."""

    code: ClassVar[str] = "composition.ppm_out_of_range"


def parse_composition(text: str, *, field: str = "composition") -> dict[str, int]:
    """Read ``Nd=270000;Pr=30000;Dy=20000`` as ppm for each element.

    Raises:
        CompositionMalformed: ``composition.malformed``.
        ElementRepeated: ``composition.element_repeated``.
    """
    ppm: dict[str, int] = {}
    for share in text.split(";"):
        match = _SHARE.fullmatch(share)
        if match is None:
            raise CompositionMalformed(f"{share!r} is not of the form Nd=270000 (symbol, whole ppm)", field=field)
        if match[1] in ppm:
            raise ElementRepeated(f"{match[1]} is named twice", field=field)
        ppm[match[1]] = int(match[2])
    return ppm


def check_composition(ppm: Mapping[str, int], *, field: str = "composition", line_no: int | None = None) -> None:
    """Refuse a composition that no magnet can have.

    Raises:
        CompositionMalformed: ``composition.malformed``, where nothing is named.
        ElementUnknown: ``composition.element_unknown``.
        PpmOutOfRange: ``composition.ppm_out_of_range``.
    """
    if not ppm:
        raise CompositionMalformed("a composition names at least one element", field=field, line_no=line_no)
    for element, share in ppm.items():
        if element not in ELEMENTS:
            raise ElementUnknown(f"{element} is not an element of the periodic table", field=field, line_no=line_no)
        if share < 1:
            raise PpmOutOfRange(f"{element}={share}: a share is at least 1 ppm", field=field, line_no=line_no)
    if sum(ppm.values()) > WHOLE_PPM:
        raise PpmOutOfRange(
            f"the shares sum to {sum(ppm.values())} ppm, more than {WHOLE_PPM}", field=field, line_no=line_no
        )


def element_ng(net_mg: int, ppm: int) -> int:
    """Give the exact mass of an element in nanograms (1 mg x 1 ppm = 1 ng)."""
    return net_mg * ppm
