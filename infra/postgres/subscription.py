"""Following the log: LISTEN for speed, polling for certainty."""

from collections.abc import Sequence
from threading import Thread
from typing import Any

import psycopg
from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription
from psycopg_pool import ConnectionPool, PoolTimeout

CHANNEL = "lodestone_events"
_POLL_S = 0.5


class PollingSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """Wakes on a notification and at least twice a second, whatever becomes of the listening connection."""

    def __init__(
        self, recorder: ApplicationRecorder, pool: ConnectionPool, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._pool = pool
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._listener.join()

    def _listen(self) -> None:
        while not self._has_been_stopped:
            try:
                self._wake_on_notifications()
            except (psycopg.OperationalError, PoolTimeout):
                # The listening connection is gone; the next turn makes a new one, and this wake-up covers the gap.
                self._has_been_notified.set()

    def _wake_on_notifications(self) -> None:
        with self._pool.connection() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not self._has_been_stopped:
                for _ in connection.notifies(timeout=_POLL_S, stop_after=1):
                    pass
                self._has_been_notified.set()
            connection.execute("UNLISTEN *")
