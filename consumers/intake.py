"""What is let in: messages of this log, from the topic that we think we are reading."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import structlog

from application.publishing import BrokerUnavailable, refuse_foreign
from consumers.ports import Message, PublishedEvents, RecordSource

_log = structlog.get_logger(__name__)


class TopicReplaced(Exception):
    """The topic's name now means another topic."""

    def __init__(self, topic_id: str) -> None:
        super().__init__(topic_id)
        self.topic_id = topic_id


class Intake:
    """Looks at what one connection to the group delivers.

    Args:
        source: the connection.
        published: whose log it is.
    """

    def __init__(self, source: RecordSource, published: PublishedEvents) -> None:
        self._source = source
        self._published = published
        self._log_id = published.log_id()
        self._head = published.head()
        self._topic_id: str | None = None

    def topic_id(self) -> str:
        """Give the identity of the topic that is being read, asking for it once.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``, while there is no such topic.
        """
        if self._topic_id is None:
            self._topic_id = self._ask()
        return self._topic_id

    def require_same_topic(self) -> None:
        """Ask the broker again.

        Raises:
            TopicReplaced: it is another topic than before.
            BrokerUnavailable: ``kafka.unavailable``, while there is no such topic.
        """
        found = self._ask()
        if self._topic_id is not None and found != self._topic_id:
            raise TopicReplaced(found)

    def by_partition(self, messages: Sequence[Message], known: Collection[int]) -> Mapping[int, Sequence[Message]]:
        """Sort messages by partition, leaving out partitions whose positions are not known yet.

        Raises:
            TopicRefused: ``kafka.foreign_topic``.
        """
        sorted_out: dict[int, list[Message]] = {}
        for partition, group in groupby(messages, key=attrgetter("partition")):
            if partition in known:
                found = list(group)
                self._require_ours(found)
                sorted_out.setdefault(partition, []).extend(found)
        return sorted_out

    def _ask(self) -> str:
        found = self._source.topic_id()
        if found is None:
            raise BrokerUnavailable("the events topic does not exist (yet): the relay makes it")
        return found

    def _require_ours(self, messages: Sequence[Message]) -> None:
        ours: UUID | None = self._log_id
        for message in messages:
            if message.event is None:
                _log.error(
                    "a record is none of our events; what it may have stood for is read from the store",
                    partition=message.partition,
                    offset=message.offset,
                    reason=message.error,
                )
            elif message.source is not ours or message.event.position > self._head:
                self._require_own_position(message.source, message.event.position)
                ours = message.source  # equal: the records of a poll share one object, and identity is quicker

    def _require_own_position(self, source: UUID | None, position: int) -> None:
        if position > self._head:
            self._head = self._published.head()
        refuse_foreign("the events topic", source, position, self._log_id, self._head)
