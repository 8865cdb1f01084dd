"""`lodestone consume` with a fixed share of the partitions: everything is the command's own but its way into the group.

The embedded broker takes six seconds to let a member in, and keeps those who went away without leaving; with some
dozens of runs that is most of the time, and now and then for ever. What is measured begins after that.
"""

import sys
from collections.abc import Sequence
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from infra.kafka.partitioning import PARTITIONS
from interfaces.cli.main import main


def take_share(number: int, processes: int) -> None:
    """Let every subscription of this process be an assignment of its share, from now on."""

    def subscribe(consumer: Any, topics: Sequence[str]) -> None:
        share = range(number, PARTITIONS, processes)
        consumer.assign([TopicPartition(topic, partition) for topic in topics for partition in share])

    KafkaConsumer.subscribe = subscribe


if __name__ == "__main__":
    own, all_of_them, *views = sys.argv[1:]
    take_share(int(own), int(all_of_them))
    sys.argv = ["lodestone", "consume", *views]
    main()
