"""Settling beside consuming: totals are written in a thread of their own, and the consumer never waits for it."""

from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Protocol

import structlog

from application.backoff import Backoff
from application.ports import StoreUnavailable

_log = structlog.get_logger(__name__)

# How long nothing is done when there was nothing to do.
_LOOK_AGAIN_S = 1.0
# While there is a backlog, settling rests this many times as long as it works: consumers need the machine more.
_REST = 1.0


class Settling(Protocol):
    """Totals of one unit that can be settled, on a connection of their own."""

    def step(self) -> bool:
        """Settle a little in one transaction; tell whether there was anything.

        Raises:
            StoreUnavailable: ``store.unavailable``; nothing was done.
        """
        ...

    def cancel(self) -> None:
        """End a step that is running, from another thread; it raises ``StoreUnavailable``."""
        ...


class Runs(Protocol):
    """What settling stands beside: it runs until told to stop."""

    def run(self, stop: Flag) -> None:
        """Run until told to stop."""
        ...


class Settler:
    """Settles until told to stop; whatever fails is tried again later.

    Args:
        settling: the totals.
        clock: seconds, never going back.
    """

    def __init__(self, settling: Settling, clock: Callable[[], float] = monotonic) -> None:
        self._settling = settling
        self._clock = clock
        self._backoff = Backoff()

    def run(self, stop: Flag) -> None:
        """Settle what is due, and rest."""
        while not stop.is_set():
            stop.wait(self._turn(stop))

    def _turn(self, stop: Flag) -> float:
        """Do one step; give how long to rest after it."""
        began = self._clock()
        try:
            worked = self._settling.step()
        except StoreUnavailable as error:
            delay = self._backoff.next_s()
            if not stop.is_set():
                _log.warning("settling interrupted", code=error.code, reason=str(error), retry_in_s=delay)
            return delay
        self._backoff.reset()
        return _REST * (self._clock() - began) if worked else _LOOK_AGAIN_S


class BesideSettling:
    """Runs a consumer with a settler in a thread beside it.

    Args:
        running: the consumer.
        settling: what the settler settles.
    """

    def __init__(self, running: Runs, settling: Settling) -> None:
        self._running = running
        self._settling = settling

    def run(self, stop: Flag) -> None:
        """Run the consumer until told to stop; the settler ends with it (errors as the consumer's)."""
        ended = Flag()
        thread = Thread(target=Settler(self._settling).run, args=(ended,), name="settling", daemon=True)
        thread.start()
        try:
            self._running.run(stop)
        finally:
            ended.set()
            while thread.is_alive():
                self._settling.cancel()
                thread.join(0.2)
