"""By which words a stream is found."""

from typing import Any

import pytest

from projections.decoding import Decoder
from projections.stream_search.fold import StreamSearch
from tests.support.samples import Table, folded, sample

BARE: dict[str, Any] = {"licence_no": None, "containers": []}


def _words(kind: str, version: int, **other: Any) -> Table:
    envelope, _ = sample(kind, 5, **other)
    return folded(StreamSearch(Decoder()), envelope._replace(version=version)).get("search_words", [])


@pytest.mark.parametrize(
    ("kind", "version", "words"),
    [
        ("exporter.registered", 1, [("key", "91999999MA20682835"), ("name", "示例磁材有限公司")]),
        (
            "client.details_amended",
            2,
            [("name", "Beispiel Antriebe GmbH"), ("LEI", "9999EXAMPLE000000026"), ("registry", "HRB 123456")],
        ),
        ("sale.recorded", 1, [("key", "91999999MA20682835/S/2025-0001")]),
        ("sale.voided", 3, []),
        ("shipment.corrected", 2, [("licence", "L-2025-77"), ("container", "CSQU3054383")]),
    ],
)
def test_keys_names_and_numbers_are_words(kind: str, version: int, words: list[tuple[str, str]]) -> None:
    """The key is a word of the first event of a stream only."""
    assert [(row["attribute"], row["value"]) for row in _words(kind, version)] == words


def test_what_is_not_known_is_no_word() -> None:
    """Neither a missing number nor an empty list of containers."""
    assert _words("shipment.corrected", 2, **BARE) == []


def test_words_are_kept_as_stated_and_folded() -> None:
    """So that case does not matter to who searches, and does to who reads."""
    first = _words("client.details_amended", 2)[0]
    assert (first["value"], first["folded"]) == ("Beispiel Antriebe GmbH", "beispiel antriebe gmbh")
    assert (first["position"], first["stream"]) == ("5", "client/91999999MA20682835/C-1001")
