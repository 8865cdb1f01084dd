"""A pool of connections, as every process of the product opens one."""

from infra.postgres.connections import open_pool
from tests.support.services import Database


def test_a_pool_is_open_with_its_first_connection_made(database: Database) -> None:
    """So a caller who comes at once causes no second one, and who comes again gets the same."""
    with open_pool(database.writer_url) as pool:
        assert pool.get_stats()["pool_available"] == 1
        given = set()
        for _ in range(3):
            with pool.connection() as connection:
                given.add(connection.info.backend_pid)
        assert len(given) == 1
