"""The order of figures, and what a row is made of."""

from hypothesis import given
from hypothesis import strategies as st

from projections.volume_ledger.figures import in_order
from projections.volume_ledger.query import VolumeRow

_TEXTS = st.none() | st.text(max_size=3)


def test_figures_stand_in_the_order_of_code_points_and_unknown_ones_last() -> None:
    """The first word counts most, whatever the locale of the database: capitals before small letters, then the rest."""
    found = [
        (None, "2025-01", "sold", "1"),
        ("b", "2025-02", "sold", "2"),
        ("b", "2025-01", "sold", "3"),
        ("ä", "2025-01", "sold", "4"),
        ("", "2025-01", "sold", "5"),
        ("B", "2025-01", "sold", "6"),
        ("b", "2025-01", "shipped", "7"),
    ]
    assert [row.ng for row in in_order(found, 3)] == [5, 6, 7, 3, 2, 4, 1]


def test_a_row_keeps_what_no_small_number_holds() -> None:
    """Amounts are whole nanograms of any size and sign."""
    found = [("Nd", "sold", "-12345678901234567890123456789012345678")]
    assert in_order(found, 2) == [VolumeRow(("Nd",), "sold", -12345678901234567890123456789012345678)]


def test_without_words_a_row_has_its_measure_alone() -> None:
    """One figure for each measure, and none where there are none."""
    assert in_order([("sold", "2"), ("shipped", "1")], 1) == [VolumeRow((), "shipped", 1), VolumeRow((), "sold", 2)]
    assert in_order([], 1) == []


@given(st.lists(st.tuples(_TEXTS, _TEXTS, st.text(max_size=2)), unique=True))
def test_any_figures_are_sorted_and_none_is_lost(keys: list[tuple[str | None, str | None, str]]) -> None:
    """As sorting whole rows at once would, with what is unknown behind every text."""
    rows = in_order([(*words, str(place)) for place, words in enumerate(keys)], 3)
    assert sorted(row.ng for row in rows) == list(range(len(keys)))
    assert [keys[row.ng] for row in rows] == sorted(
        keys, key=lambda words: [(word is None, word or "") for word in words]
    )
    assert all((*row.keys, row.measure) == keys[row.ng] for row in rows)
