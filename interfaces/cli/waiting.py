"""Waiting for the log itself; read models wait on their own side."""

import time

from application.ports import EventLog

_POLL_S = 0.1


class HeadNotYet(Exception):
    """The log has not reached the position within the time. ``position.not_yet``."""

    code = "position.not_yet"


def wait_for_head(log: EventLog, position: int, timeout_s: float) -> None:
    """Return once the log's head is at the position or beyond.

    Raises:
        HeadNotYet: ``position.not_yet``.
    """
    deadline = time.monotonic() + timeout_s
    while (head := log.head()) < position:
        if time.monotonic() >= deadline:
            raise HeadNotYet(f"the log is at {head}, not yet at {position}")
        time.sleep(_POLL_S)
