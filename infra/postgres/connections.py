"""Connections of one process: as its own role, never as one who could change history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg.errors import TransactionTimeout
from psycopg_pool import ConnectionPool, PoolTimeout

from application.ports import StoreUnavailable
from infra.postgres.roles import refuse_privileged, require_migrated

CONNECT_TIMEOUT_S = 10
# What says that the database is out of reach.
UNREACHABLE = (psycopg.OperationalError, psycopg.InterfaceError, TransactionTimeout, PoolTimeout)


def connect(url: str, *, autocommit: bool = True) -> Connection:
    """Open one connection as a least-privileged role.

    Raises:
        StoreUnavailable: ``store.unavailable``.
        PrivilegedRole: ``store.privileged_role``.
        NotMigrated: ``store.not_migrated``.
    """
    with translated():
        connection = psycopg.connect(url, autocommit=autocommit, connect_timeout=CONNECT_TIMEOUT_S)
    try:
        refuse_privileged(connection)
        require_migrated(connection)
        if not autocommit:
            connection.rollback()
    except BaseException:
        connection.close()
        raise
    return connection


def open_pool(url: str, *, max_size: int = 8, configure: Callable[[Connection], None] | None = None) -> ConnectionPool:
    """Open a pool of such connections; the first one is checked at once (errors as ``connect``).

    Args:
        url: of a least-privileged role.
        max_size: at most so many connections.
        configure: is given each new connection.
    """
    connect(url).close()
    pool = ConnectionPool(
        url,
        min_size=1,
        max_size=max_size,
        open=True,
        timeout=CONNECT_TIMEOUT_S,
        kwargs={"autocommit": True},
        configure=configure,
    )
    try:
        with translated():
            # Asked before it has its first connection, a pool makes a second one, and then gives each by turns: callers
            # who come one after another would find the caches of two servers' processes half as warm.
            pool.wait(CONNECT_TIMEOUT_S)
    except BaseException:
        pool.close()
        raise
    return pool


@contextmanager
def translated() -> Iterator[None]:
    """Turn what says that the database is out of reach into ``StoreUnavailable``."""
    try:
        yield
    except UNREACHABLE as error:
        raise unavailable(error) from error


def unavailable(error: Exception) -> StoreUnavailable:
    """Say so in our own words, after one of ``UNREACHABLE``."""
    said = str(error).strip().partition("\n")[0] or type(error).__name__
    return StoreUnavailable(f"the event store is out of reach: {said}")
