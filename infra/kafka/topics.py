"""The topics: their names, how they are made, and which one answers to a name now."""

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError

from application.publishing import BrokerUnavailable, TopicRefused
from infra.kafka.connection import MAX_MESSAGE_BYTES, require_reachable
from infra.kafka.partitioning import PARTITIONS

_BROKER_DEFAULT = -1
_WAIT_MS = 10_000

TOPIC_CONFIGS: Mapping[str, str] = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": str(MAX_MESSAGE_BYTES),
}


@dataclass(frozen=True, slots=True)
class Topics:
    """Names of the topics. A prefix keeps logs, and tests, apart on one broker."""

    prefix: str = ""

    @property
    def events(self) -> str:
        """Every event, for our own consumers and for authorities."""
        return f"{self.prefix}lodestone.events.v1"

    @property
    def exports(self) -> str:
        """The public feed: exports, and what takes them back."""
        return f"{self.prefix}lodestone.exports.v1"

    @property
    def checkpoints(self) -> str:
        """Signed checkpoints of the log."""
        return f"{self.prefix}lodestone.checkpoints.v1"

    @property
    def all(self) -> Sequence[str]:
        """Every topic of ours."""
        return (self.events, self.exports, self.checkpoints)


class TopicDirectory:
    """Asks the broker for topics by name. One connection, made when first needed and again after an error.

    Args:
        options: how clients reach the broker (``connection.patient``).
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._admin: KafkaAdminClient | None = None

    def identity(self, topic: str) -> str | None:
        """Give the topic's id, None where there is no such topic.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``.
        """
        described = self._describe([topic]).get(topic)
        return described["topic_id"] if described else None

    def ensure(self, topics: Sequence[str], *, remake: bool = False) -> Mapping[str, str]:
        """Make the topics that are missing, and give the ids of all.

        Args:
            topics: names.
            remake: delete and make anew a topic without 12 partitions. Only for a broker that is ours alone
                and holds nothing that the store does not.

        Raises:
            BrokerUnavailable: ``kafka.unavailable``.
            TopicRefused: ``kafka.wrong_partitions``.
        """
        found = self._describe(topics)
        wrong = [topic for topic, each in found.items() if len(each["partitions"]) != PARTITIONS]
        if wrong and not remake:
            count = len(found[wrong[0]]["partitions"])
            raise TopicRefused("kafka.wrong_partitions", f"{wrong[0]} has {count} partitions, not {PARTITIONS}")
        if wrong:
            self._asking(lambda admin: admin.delete_topics(wrong))
        missing = [topic for topic in topics if topic not in found or topic in wrong]
        if missing:
            self._make(missing)
            return self.ensure(topics)
        return {topic: found[topic]["topic_id"] for topic in topics}

    def close(self) -> None:
        """Drop the connection."""
        if self._admin is not None:
            admin, self._admin = self._admin, None
            admin.close()

    def _make(self, topics: Sequence[str]) -> None:
        wanted = {
            topic: {
                "num_partitions": PARTITIONS,
                "replication_factor": _BROKER_DEFAULT,
                "configs": TOPIC_CONFIGS,
            }
            for topic in topics
        }
        with suppress(TopicAlreadyExistsError):  # somebody else made it meanwhile; what they made is looked at next
            self._asking(lambda admin: admin.create_topics(wanted))
        self._asking(lambda admin: admin.wait_for_topics(list(topics), timeout_ms=_WAIT_MS))

    def _describe(self, topics: Sequence[str]) -> Mapping[str, dict[str, Any]]:
        described = self._asking(lambda admin: admin.describe_topics(list(topics)))
        return {each["name"]: each for each in described if each["error_code"] == 0}

    def _asking(self, question: Any) -> Any:
        try:
            if self._admin is None:
                require_reachable(self._options)
                self._admin = KafkaAdminClient(**self._options)
            return question(self._admin)
        except TopicAlreadyExistsError:
            raise
        except (KafkaError, OSError, ValueError) as error:
            self.close()
            raise BrokerUnavailable(f"the broker is out of reach: {error!r}") from error


def ensure_topics(options: Mapping[str, Any], topics: Topics, *, remake: bool = False) -> Mapping[str, str]:
    """Make all topics that are missing (see ``TopicDirectory.ensure``), over a connection of its own."""
    with closing(TopicDirectory(options)) as directory:
        return directory.ensure(topics.all, remake=remake)
