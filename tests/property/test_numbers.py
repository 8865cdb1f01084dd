"""Masses and compositions: exact both ways, and never rounded on the way in."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import canonical_json, parse_json
from domain.composition import ELEMENTS, CompositionMalformed, element_ng, parse_composition
from domain.errors import DomainError
from domain.event import MAX_NET_MG
from domain.mass import format_kg_from_mg, format_kg_from_ng, parse_g, parse_kg

MASSES = st.integers(0, 999_999_999_999_999)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_NET_MG, MAX_NET_MG) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(MASSES)
def test_milligrams_come_back_from_kilograms_and_grams(net_mg: int) -> None:
    """With six places and with three, and as a decimal of any length."""
    assert parse_kg(format_kg_from_mg(net_mg)) == net_mg
    assert parse_kg(str(Decimal(net_mg).scaleb(-6).quantize(Decimal("0.000001")))) == net_mg
    if net_mg < 10**12:
        assert parse_g(f"{net_mg // 1000}.{net_mg % 1000:03d}") == net_mg


@given(st.integers(0, 10**9 - 1), st.text("0123456789", min_size=7, max_size=20))
def test_more_than_six_places_are_refused(whole: int, places: str) -> None:
    """Whatever they are, zeros too: nothing is rounded."""
    with pytest.raises(DomainError) as refused:
        parse_kg(f"{whole}.{places}")
    assert refused.value.code == "mass.too_precise"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".5",
        "5.",
        "+1",
        "-1",
        "1e3",
        "1,000",
        "1 000",
        " 1",
        "1 ",
        "0x1",
        "\uff11",
        "1_0",
        "1234567890",
        "NaN",
        "1.2.3",
    ],
)
def test_only_plain_digits_are_a_mass(text: str) -> None:
    """At most one point, and nine digits before it."""
    with pytest.raises(DomainError) as refused:
        parse_kg(text)
    assert refused.value.code == "mass.malformed"


@given(st.integers(-MAX_NET_MG, MAX_NET_MG), st.integers(0, 1_000_000))
def test_nanograms_are_exact(net_mg: int, ppm: int) -> None:
    """One milligram times one part per million is one nanogram; shown with all twelve places."""
    ng = element_ng(net_mg, ppm)
    assert Decimal(format_kg_from_ng(ng)) == Decimal(net_mg).scaleb(-6) * Decimal(ppm).scaleb(-6)


@given(st.dictionaries(st.sampled_from(sorted(ELEMENTS)), st.integers(0, 999_999_999), min_size=1))
def test_a_composition_is_read_as_it_is_written(ppm: dict[str, int]) -> None:
    """In any order of elements."""
    assert parse_composition(";".join(f"{element}={share}" for element, share in ppm.items())) == ppm


@pytest.mark.parametrize(
    "text", ["", "Nd", "Nd=", "nd=1", "Nd=1.5", "Nd=-1", "Nd=1;", "Nd=1,Dy=2", "Nd=\uff11", "Nd=1000000000"]
)
def test_other_text_is_no_composition(text: str) -> None:
    """It is refused with one code."""
    with pytest.raises(CompositionMalformed):
        parse_composition(text)


@given(JSON)
def test_canonical_json_is_what_the_standard_says(value: object) -> None:
    """RFC 8785: names by UTF-16 units, no blanks, shortest escapes; and it means the same."""
    written = canonical_json(value)
    assert parse_json(written) == value
    assert written == _by_the_standard(value)


def _by_the_standard(value: object) -> bytes:
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return b"{" + b",".join(_by_the_standard(name) + b":" + _by_the_standard(each) for name, each in ordered) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(_by_the_standard, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()
