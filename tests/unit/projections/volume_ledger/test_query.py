"""A question about volumes has one meaning or is refused."""

from typing import Any

import pytest

from projections.answers import QueryRefused
from projections.volume_ledger.query import VolumeQuery


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("query.unknown_dimension", {"by": ("client", "port")}),
        ("query.unknown_measure", {"measures": ("bought",)}),
        ("query.elements_not_added", {"elements": ("Dy", "Nd")}),
    ],
)
def test_what_has_no_single_meaning_is_refused(code: str, question: dict[str, Any]) -> None:
    """With its code; elements are told apart or named alone, never added up."""
    with pytest.raises(QueryRefused) as refused:
        VolumeQuery(**question)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("question", "of_elements", "names_clients"),
    [
        ({}, False, False),
        ({"by": ("month", "destination")}, False, False),
        ({"by": ("element",), "elements": ("Dy", "Nd")}, True, False),
        ({"elements": ("Dy", "Dy")}, True, False),
        ({"by": ("party",)}, False, True),
        ({"clients": ("client/x/1",)}, False, True),
        ({"exporters": ("x",), "by": ("element",)}, True, True),
    ],
)
def test_a_question_says_what_it_is_about(question: dict[str, Any], *, of_elements: bool, names_clients: bool) -> None:
    """Net mass unless an element is named, and whether clients must be told apart."""
    query = VolumeQuery(**question)
    assert (query.of_elements, query.names_clients) == (of_elements, names_clients)
