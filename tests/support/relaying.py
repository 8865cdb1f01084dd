"""The relay's ports in memory: a log, a record of publications, and a broker that forgets and fails."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from application.publishing import Advance, Appended, BrokerUnavailable, Mark, Origin, Outgoing
from domain.envelope import Envelope
from tests.support.consuming import LOG_ID
from tests.support.messages import appended


class MemoryAppended:
    """A log that holds what it is given."""

    def __init__(self, events: Sequence[Envelope]) -> None:
        self.events = list(events)
        self.waits = 0

    def log_id(self) -> UUID:
        """Give the identity."""
        return LOG_ID

    def head(self) -> int:
        """Give the last position."""
        return self.events[-1].position if self.events else 0

    def page(self, after: int, limit: int, max_bytes: int) -> Sequence[Appended]:
        """Give what follows."""
        found: list[Envelope] = []
        size = 0
        for each in self.events:
            if each.position > after and len(found) < limit and size < max_bytes:
                found.append(each)
                size += len(each.data)
        return [appended(each) for each in found]

    def wait(self, timeout_s: float) -> None:
        """Count."""
        assert timeout_s > 0
        self.waits += 1

    def close(self) -> None:
        """Do nothing."""


class MemoryPublications:
    """Marks and publications; ``locked`` says that another relay works."""

    def __init__(self) -> None:
        self.rows: dict[str, Mark] = {}
        self.published: dict[str, dict[int, int]] = {}
        self.locked = False

    def acquire(self) -> bool:
        """Take the lock."""
        return not self.locked

    def marks(self, topics: Sequence[str]) -> Mapping[str, Mark]:
        """Give the marks."""
        return {topic: self.rows.setdefault(topic, Mark(0, None)) for topic in topics}

    def previous(self, topic: str, position: int) -> Mapping[int, int]:
        """Give the last positions by partition."""
        published = sorted(self.published.get(topic, {}).items())
        return {partition: each for each, partition in published if each <= position}

    def advance(self, advances: Sequence[Advance]) -> bool:
        """Compare and set."""
        if any(self.rows.get(each.topic) != each.before for each in advances):
            return False
        for each in advances:
            self.rows[each.topic] = each.after
            for partition, position in each.publications:
                self.published.setdefault(each.topic, {}).setdefault(position, partition)
        return True

    def close(self) -> None:
        """Do nothing."""


class MemorySending:
    """Messages that arrive at once and are told of later."""

    def __init__(self, outcome: Callable[[], None]) -> None:
        self._outcome = outcome

    def confirm(self, *, at_once: bool) -> None:
        """Tell what became of them."""
        assert at_once in (True, False)
        self._outcome()


class MemoryPublisher:
    """A broker. ``lose_after`` fails a page after so many of its messages arrived."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self.sent: list[Outgoing] = []
        self.found: list[Origin] = []
        self.lose_after: list[int] = []
        self.generation = 1
        self.remake_after_pages: list[int] = []

    def topic_ids(self, topics: Sequence[str]) -> Mapping[str, str]:
        """Give the identities."""
        return {topic: f"{topic}#{self.generation}" for topic in topics}

    def origins(self, topics: Sequence[str]) -> Sequence[Origin]:
        """Give what the test laid there, else the ends of what was sent."""
        by_partition: dict[tuple[str, int], list[Outgoing]] = {}
        for each in self.sent:
            if each.topic in topics:
                by_partition.setdefault((each.topic, each.partition), []).append(each)
        ends = [each for sent in by_partition.values() for each in (sent[0], sent[-1])]
        return self.found or [Origin(each.topic, LOG_ID, each.event.position) for each in ends]

    def partition_of(self, key: str) -> int:
        """Two partitions, by the key's first letter."""
        return ord(key[0]) % 2

    def send(self, messages: Sequence[Outgoing]) -> MemorySending:
        """Take the messages, or some of them."""
        if self.lose_after:
            self.sent += messages[: self.lose_after.pop(0)]
            return MemorySending(self._fail)
        self.sent += messages
        return MemorySending(self._remake_when_told)

    def _fail(self) -> None:
        raise BrokerUnavailable("lost")

    def _remake_when_told(self) -> None:
        if self.remake_after_pages and self.remake_after_pages.pop(0):
            self.generation += 1
            self.sent.clear()

    def close(self) -> None:
        """Do nothing."""
