"""A TCP proxy that swallows the answer to a statement and breaks the connection, as a failing network does."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.parse import urlsplit


class DroppingProxy:
    """Stands between a client and PostgreSQL.

    Args:
        url: of the database behind it.
    """

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._committed: Callable[[], bool] | None = None
        self.dropped = Event()

    @property
    def url(self) -> str:
        """Give the URL through the proxy."""
        account = self._target.netloc.rpartition("@")[0]
        return self._target._replace(netloc=f"{account}@127.0.0.1:{self._listener.getsockname()[1]}").geturl()

    def drop_answer_once(self, committed: Callable[[], bool]) -> None:
        """Break the connection instead of passing on the first answer that comes when this holds."""
        self._committed = committed

    def serve(self) -> None:
        """Accept until closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((str(self._target.hostname), int(self._target.port or 5432)))
                Thread(target=self._forward, args=(client, server, False), daemon=True).start()
                Thread(target=self._forward, args=(server, client, True), daemon=True).start()

    def close(self) -> None:
        """Stop accepting."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _forward(self, source: socket.socket, target: socket.socket, answers: bool) -> None:  # noqa: FBT001 - a thread's argument
        with suppress(OSError):
            while data := source.recv(65536):
                if answers and self._committed is not None and self._committed():
                    self._committed = None
                    self.dropped.set()
                    break
                target.sendall(data)
        for each in (source, target):
            # Only a shutdown wakes the thread that waits in the other direction.
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        source.close()


@contextmanager
def dropping_proxy(url: str) -> Iterator[DroppingProxy]:
    """Run a proxy before a database."""
    proxy = DroppingProxy(url)
    thread = Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
