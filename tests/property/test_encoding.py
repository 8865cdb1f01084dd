"""The fast canonical JSON writes the bytes of the careful one."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from application.encoding import content_of, encode_event, encode_value
from domain.canonical import MAX_SAFE_INTEGER, canonical_json
from domain.exporter.events import ExporterRegistered
from domain.registry import encode
from domain.sale.commands import RecordSale, SaleLineFiled
from domain.sale.events import SaleLine, SaleRecorded

TEXTS = st.text()  # of every script and plane, controls included; never a lone surrogate, which no form lets in
NAMES = st.text(st.characters(codec="ascii"))
SCALARS = st.one_of(TEXTS, st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER), st.booleans(), st.none())
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner), st.dictionaries(NAMES, inner)), max_leaves=30
)
PPM = st.dictionaries(st.sampled_from(["Nd", "Pr", "Dy", "B", "Fe", "C"]), st.integers(1, 10**6))


@settings(max_examples=500)
@given(VALUES)
def test_any_value_is_written_the_same(value: Any) -> None:
    """Of the kinds that events and commands hold, however nested."""
    assert encode_value(value) == canonical_json(value)


@given(TEXTS, TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=3))
def test_an_event_is_written_the_same(name: str, region: str, code: str | None, violations: list[str]) -> None:
    """With whatever texts it holds."""
    event = ExporterRegistered(
        uscc="9" * 18, names=(name,), customs_code=code, region=region, violations=tuple(violations)
    )
    assert encode_event(event) == encode(event)


@given(PPM, st.integers(1, MAX_SAFE_INTEGER), st.none() | TEXTS, st.dates(), TEXTS)
def test_a_sale_is_written_the_same(ppm: dict[str, int], net_mg: int, price: str | None, day: Any, key: str) -> None:
    """As an event, and as content that is filed."""
    shared: dict[str, Any] = {"line_no": 1, "grade": key, "net_mg": net_mg, "hs_code": "850511", "ppm": ppm}
    line = SaleLine(**shared, basis="assay", unit_price=price, currency=None)
    whose = {"exporter": "9" * 18, "contract_no": key, "signed_on": day}
    event = SaleRecorded(**whose, client="c", destination=None, lines=(line,))
    assert encode_event(event) == encode(event)
    filed = SaleLineFiled(**shared, unit_price=price, currency=None)
    content = content_of(RecordSale(**whose, client_ref=key, lines=(filed,)))
    assert encode_value(content) == canonical_json(content)
