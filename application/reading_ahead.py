"""Pages of the log, each read while the one before it is being sent."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import NamedTuple
from uuid import UUID

from application.publishing import Appended, AppendedEvents


class _Asked(NamedTuple):
    after: int
    limit: int
    max_bytes: int


class ReadingAhead:
    """Implements ``AppendedEvents``: what follows a full page is read before anybody asks for it.

    Never more than one page lies ready. Nobody else may use what is read from, which is closed with this.

    Args:
        appended: the log; it is read by one thread at a time.
    """

    def __init__(self, appended: AppendedEvents) -> None:
        self._appended = appended
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead")
        self._ahead: tuple[_Asked, Future[Sequence[Appended]]] | None = None

    def log_id(self) -> UUID:
        """Give the identity of the log."""
        self._wait_for_page()
        return self._appended.log_id()

    def head(self) -> int:
        """Give the log's last position."""
        self._wait_for_page()
        return self._appended.head()

    def page(self, after: int, limit: int, max_bytes: int) -> Sequence[Appended]:
        """Give the events after a position; what went wrong while they were read ahead is raised here."""
        asked = _Asked(after, limit, max_bytes)
        page = self._taken(asked)
        if len(page) < limit:
            # Nothing lay ready, or it ends where the log did when it was read: there may be more by now.
            page = self._appended.page(*asked)
        if len(page) == limit:
            following = asked._replace(after=page[-1].position)
            self._ahead = following, self._thread.submit(self._appended.page, *following)
        return page

    def wait(self, timeout_s: float) -> None:
        """Return when something may have been appended."""
        self._wait_for_page()
        self._appended.wait(timeout_s)

    def close(self) -> None:
        """Close the log, when the page that is being read is read."""
        try:
            self._thread.shutdown()
        finally:
            self._appended.close()

    def _taken(self, asked: _Asked) -> Sequence[Appended]:
        if self._ahead is None:
            return ()
        self._wait_for_page()
        (following, reading), self._ahead = self._ahead, None
        return reading.result() if following == asked else ()

    def _wait_for_page(self) -> None:
        if self._ahead is not None:
            wait([self._ahead[1]])
