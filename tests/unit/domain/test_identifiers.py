"""Check digits against known numbers, an independent calculation and another library."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import lei as stdnum_lei
from stdnum.cn import uscc as stdnum_uscc

from domain.identifiers import (
    USCC_ALPHABET,
    LeiInvalid,
    UsccInvalid,
    check_lei,
    is_valid_container,
    is_valid_lei,
    is_valid_uscc,
    require_uscc_form,
)

VECTORS = json.loads((Path(__file__).parent / "vectors" / "ids.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", [*VECTORS["uscc_valid"], *VECTORS["uscc_published_valid"]])
def test_a_uscc_holds(text: str) -> None:
    """GB 32100-2015; published ones too."""
    assert is_valid_uscc(text)
    assert stdnum_uscc.is_valid(text)


@pytest.mark.parametrize("text", [*VECTORS["uscc_invalid"].values(), "", "\uff19" * 18, "91999999MA20682835 "])
def test_a_wrong_uscc_does_not_hold(text: str) -> None:
    """Letters transposed, letters that are not in the alphabet, lower case, full-width digits."""
    assert not is_valid_uscc(text)


@given(st.sampled_from(VECTORS["uscc_valid"]), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_every_changed_character_of_a_uscc_is_found(text: str, place: int, character: str) -> None:
    """The modulus is a prime and no weight is a multiple of it."""
    changed = text[:place] + character + text[place + 1 :]
    assert is_valid_uscc(changed) == (changed == text)


@pytest.mark.parametrize("text", [*VECTORS["lei_valid"], *VECTORS["lei_published_valid"]])
def test_an_lei_holds(text: str) -> None:
    """ISO 17442."""
    assert is_valid_lei(text)
    assert stdnum_lei.is_valid(text)


@pytest.mark.parametrize("text", [*VECTORS["lei_stdnum_false_accept"], "", VECTORS["lei_valid"][0].lower()])
def test_a_wrong_lei_does_not_hold(text: str) -> None:
    """Also what another library takes for one."""
    assert not is_valid_lei(text)
    with pytest.raises(LeiInvalid) as refused:
        check_lei(text, field="lei")
    assert (refused.value.code, refused.value.field) == ("lei.invalid", "lei")


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18))
def test_an_lei_has_exactly_one_pair_of_check_digits(body: str) -> None:
    """MOD 97-10, by the standard's own way of making them."""
    number = int("".join(str(int(character, 36)) for character in body + "00"))
    made = f"{98 - number % 97:02d}"
    assert [f"{pair:02d}" for pair in range(2, 99) if is_valid_lei(f"{body}{pair:02d}")] == [made]


@pytest.mark.parametrize(
    "text",
    [*VECTORS["container_valid"], *VECTORS["container_published_valid"], VECTORS["container_remainder_10"]],
)
def test_a_container_holds(text: str) -> None:
    """ISO 6346; a remainder of 10 is written 0."""
    assert is_valid_container(text)
    wrong = str((int(text[-1]) + 1) % 10)
    assert not is_valid_container(text[:-1] + wrong)


@pytest.mark.parametrize(
    "text", [VECTORS["container_stdnum_false_accept"], *VECTORS["container_stdnum_crash"], "", "CSQU305438"]
)
def test_a_wrong_container_does_not_hold(text: str) -> None:
    """Also where another library accepts or raises."""
    assert not is_valid_container(text)


@pytest.mark.parametrize("text", ["", "9" * 17, "9" * 19, "\uff19" * 18, "9" * 17 + "/", "9" * 17 + "\n"])
def test_what_no_event_can_hold_is_refused_whoever_files_it(text: str) -> None:
    """18 ASCII letters or digits are its form."""
    with pytest.raises(UsccInvalid) as refused:
        require_uscc_form(text, field="uscc")
    assert refused.value.code == "uscc.invalid"
