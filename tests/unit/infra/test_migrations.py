"""The migrations that come with the product."""

from infra.postgres.migrate import load_migrations


def test_no_two_migrations_have_one_number() -> None:
    """A number says which was applied; of two the second would be taken for a changed first one."""
    numbers = [each.number for each in load_migrations()]
    assert len(set(numbers)) == len(numbers) > 0
