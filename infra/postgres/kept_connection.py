"""One connection that stays out of its pool between calls."""

from collections import deque
from threading import Lock

from psycopg import Connection, pq
from psycopg_pool import ConnectionPool


class KeptConnection:
    """For whoever calls again as soon as he has his answer: a pool's book-keeping costs more than his parameters.

    Threads may share it; who finds it in use gets another of the pool. A pool of one connection keeps it for all.
    """

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._lock = Lock()
        self._open = pool.max_size > 1
        self._kept: deque[Connection] = deque()

    def getconn(self) -> Connection:
        """Take the connection, or another one (errors as the pool's)."""
        try:
            return self._kept.pop()
        except IndexError:
            return self._pool.getconn()

    def putconn(self, connection: Connection) -> None:
        """Give it back; what is broken, or too many, goes to the pool, which knows what to do."""
        with self._lock:
            # A broken one is not idle.
            idle = connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
            keeps = idle and self._open and not self._kept
            if keeps:
                self._kept.append(connection)
        if not keeps:
            self._pool.putconn(connection)

    def close(self) -> None:
        """Give the connection to the pool, and keep none from now on; nobody may be using it any more."""
        with self._lock:
            self._open = False
        while self._kept:
            self._pool.putconn(self._kept.pop())
