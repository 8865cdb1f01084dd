"""Whatever is settled, blocks and the rest of the ledger are every position up to the answer's, each once."""

from hypothesis import given
from hypothesis import strategies as st

from projections.blocks import FACTOR, FIRST_SIZE, LEVELS, cover, size_of

POSITIONS = st.integers(0, 5 * FIRST_SIZE * FACTOR**3)


@st.composite
def settled(draw: st.DrawFn) -> dict[int, int]:
    """Draw how many blocks of some levels are settled, as settling leaves it: none before those that it is made of."""
    lowest, until = draw(st.integers(0, 2)), draw(POSITIONS)
    marks: dict[int, int] = {}
    for level in range(lowest, LEVELS):
        marks[level] = draw(st.integers(0, until // (FIRST_SIZE * FACTOR**level)))
        until = marks[level] * FIRST_SIZE * FACTOR**level
    return marks


@given(settled(), POSITIONS)
def test_a_cover_is_exact(marks: dict[int, int], position: int) -> None:
    """No position twice, none left out, none beyond; only what is settled."""
    covered = cover(position, marks)
    spans = sorted(
        (number * FIRST_SIZE * FACTOR**level, (number + 1) * FIRST_SIZE * FACTOR**level)
        for level, number in covered.blocks
    )
    assert [first for first, _ in spans] == [0, *(end for _, end in spans)][: len(spans)]
    assert covered.until == (spans[-1][1] if spans else 0) <= position
    assert all(number < marks[level] for level, number in covered.blocks)


@given(settled(), POSITIONS)
def test_no_more_is_left_than_must_be(marks: dict[int, int], position: int) -> None:
    """Where the lowest level is settled, less than one of its blocks is read from the ledger."""
    lowest = min(marks)
    size = FIRST_SIZE * FACTOR**lowest
    assert min(position, marks[lowest] * size) - cover(position, marks).until < size


@given(st.integers(0, FACTOR**LEVELS))
def test_few_blocks_are_read(first_blocks: int) -> None:
    """At most seven of each level but the last, when all that can be is settled."""
    position = first_blocks * FIRST_SIZE
    blocks = cover(position, {level: position // size_of(level) for level in range(LEVELS)}).blocks
    below_last = [level for level, _ in blocks if level < LEVELS - 1]
    assert all(below_last.count(level) < FACTOR for level in set(below_last))
