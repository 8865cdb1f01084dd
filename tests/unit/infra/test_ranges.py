"""How a rebuild shares positions out among processes."""

import pytest

from infra.postgres.rebuild import size_of_ranges


@pytest.mark.parametrize(
    ("head", "processes", "size"),
    [
        (100, 2, 100),  # one range: a further process is not worth its start
        (101, 2, 51),
        (250, 2, 63),
        (250, 3, 84),
        (800, 2, 100),
        (801, 2, 100),  # turns enough: whole blocks
        (5_000, 2, 100),
    ],
)
def test_few_ranges_are_equal(head: int, processes: int, size: int) -> None:
    """So that no process ends long before another."""
    assert size_of_ranges(head, 100, processes) == size
