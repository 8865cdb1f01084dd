"""A sequence that is made when somebody looks at it."""

from projections.deferred import Deferred


def test_nothing_is_made_before_it_is_looked_at_and_then_once() -> None:
    """Whatever looks, and however often."""
    made: list[str] = []

    def make() -> list[int]:
        made.append("made")
        return [3, 1, 2]

    numbers = Deferred(make)
    assert made == []
    assert (len(numbers), numbers[0], list(numbers[1:]), list(numbers)) == (3, 3, [1, 2], [3, 1, 2])
    assert made == ["made"]


def test_it_is_equal_to_what_has_the_same_members() -> None:
    """Whatever kind of sequence that is, and in no other order."""
    assert Deferred(lambda: [1, 2]) == [1, 2]
    assert Deferred(lambda: [1, 2]) == Deferred(lambda: (1, 2))
    assert Deferred(lambda: [1, 2]) != [2, 1]
    assert Deferred(lambda: [1]) != 1
    assert repr(Deferred(lambda: [1])) == "[1]"
