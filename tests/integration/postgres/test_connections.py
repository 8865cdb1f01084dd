"""A pool of connections, as every process of the product opens one."""

from infra.postgres.connections import open_pool
from infra.postgres.kept_connection import KeptConnection
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


def test_a_kept_connection_is_lent_to_one_at_a_time_and_given_back(database: Database) -> None:
    """Whoever comes meanwhile gets another; when all is closed, the pool has both."""
    with open_pool(database.writer_url) as pool:
        kept = KeptConnection(pool)
        first = kept.getconn()
        kept.putconn(first)
        assert kept.getconn() is first
        second = kept.getconn()
        assert second is not first
        for each in (second, first):
            kept.putconn(each)
        assert kept.getconn() is second
        kept.putconn(second)
        kept.close()
        assert pool.get_stats()["pool_available"] == pool.get_stats()["pool_size"] == 2


def test_a_broken_connection_is_not_kept(database: Database) -> None:
    """The pool makes another."""
    with open_pool(database.writer_url) as pool:
        kept = KeptConnection(pool)
        broken = kept.getconn()
        broken.close()
        kept.putconn(broken)
        other = kept.getconn()
        assert other.execute("SELECT 1").fetchone() == (1,)
        kept.putconn(other)
        kept.close()


def test_a_pool_of_one_connection_keeps_it_for_all(database: Database) -> None:
    """Else nobody else would ever get it."""
    with open_pool(database.writer_url, max_size=1) as pool:
        kept = KeptConnection(pool)
        kept.putconn(kept.getconn())
        assert pool.get_stats()["pool_available"] == 1
