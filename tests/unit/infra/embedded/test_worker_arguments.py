"""What `up` runs beside the services."""

from infra.embedded.supervisor import worker_arguments


def test_one_relay_and_one_consumer_by_default() -> None:
    """The consumer's place in the group is its own after a restart."""
    assert worker_arguments(1) == {"relay": ["relay"], "consumer": ["consume", "--member", "consumer-1"]}


def test_several_consumers_are_told_apart() -> None:
    """By their logs and in the group; the first is named as when it is alone."""
    found = worker_arguments(3)
    assert list(found) == ["relay", "consumer", "consumer-2", "consumer-3"]
    assert [line[-1] for line in found.values()] == ["relay", "consumer-1", "consumer-2", "consumer-3"]
