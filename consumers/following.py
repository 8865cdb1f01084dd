"""Reading a topic as a subscriber does: from its beginning, each event once, until told to end."""

from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from application.backoff import Backoff
from application.publishing import BrokerUnavailable
from consumers.ports import Message

_log = structlog.get_logger(__name__)


class TopicFeed(Protocol):
    """All partitions of a topic, from the beginning."""

    def poll(self) -> Sequence[Message]:
        """Give what came, in order within each partition; empty when nothing did for a moment.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``; close it and make a new one.
        """
        ...

    def close(self) -> None:
        """Let go of the broker."""
        ...


class Follower:
    """Shows every event of a topic once; a broker that is lost is waited for.

    Args:
        open_feed: connects; tried again after a loss, but not at the start.
        show: is given each message that holds an event.
        ended: whether to end; asked between polls.
        pause: waits for some seconds, or until told to end.
        first: positions below are left out.
    """

    def __init__(
        self,
        open_feed: Callable[[], TopicFeed],
        show: Callable[[Message], None],
        ended: Callable[[], bool],
        pause: Callable[[float], object],
        first: int = 1,
    ) -> None:
        self._open_feed = open_feed
        self._show = show
        self._ended = ended
        self._pause = pause
        self._first = first
        self._last: dict[int, int] = {}
        self._backoff = Backoff()

    def run(self) -> None:
        """Follow until told to end.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``, at the start only.
        """
        feed: TopicFeed | None = self._open_feed()
        while not self._ended():
            try:
                feed = feed or self._open_feed()
                messages = feed.poll()
            except BrokerUnavailable as error:
                _log.info("waiting for the broker", reason=str(error))
                _close(feed)
                feed = None
                self._pause(self._backoff.next_s())
                continue
            self._backoff.reset()
            try:
                self._show_new(messages)
            except BaseException:
                _close(feed)
                raise
        _close(feed)

    def _show_new(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if message.event is None:
                _log.warning("not one of our events", partition=message.partition, offset=message.offset)
            elif message.event.position > self._last.get(message.partition, 0):
                self._last[message.partition] = message.event.position
                if message.event.position >= self._first:
                    self._show(message)


def _close(feed: TopicFeed | None) -> None:
    if feed is not None:
        feed.close()
