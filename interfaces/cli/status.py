"""`lodestone status`: how far everything is."""

from typing import Any

from infra import bootstrap
from infra.kafka.topics import Topics
from infra.settings import Settings
from interfaces.cli.flags import AsJson, DataDir, Debug
from interfaces.cli.rendering import print_json, print_line, print_table
from interfaces.cli.session import session


def status(*, as_json: AsJson = False, data_dir: DataDir = None, debug: Debug = False) -> None:
    """Head position, lag of relay and read models, parked streams, the broker's address and topics."""
    with session(data_dir, debug=debug) as settings:
        found = _status(settings)
        if as_json:
            print_json(found)
        else:
            _print_as_table(found)


def _status(settings: Settings) -> dict[str, Any]:
    with bootstrap.read_side(settings) as reading:
        found = reading.status()
    topics = Topics(settings.topic_prefix)
    return {
        "head": found.head,
        "relay": {"position": found.relay_position},
        "read_models": [
            {"name": each.name, "position": each.position, "parked": each.parked} for each in found.read_models
        ],
        "kafka": {
            "bootstrap": settings.kafka.bootstrap,
            "topics": [topics.events, topics.exports, topics.checkpoints],
        },
    }


def _print_as_table(found: dict[str, Any]) -> None:
    head = found["head"]
    published = found["relay"]["position"]
    rows: list[tuple[object, ...]] = [("event store", head, 0, None), ("relay", published, head - published, None)]
    rows += [(each["name"], each["position"], head - each["position"], each["parked"]) for each in found["read_models"]]
    print_table(("part", "position", "behind", "parked"), rows, right=["position", "behind", "parked"])
    print_line(f"kafka at {found['kafka']['bootstrap']}: {', '.join(found['kafka']['topics'])}")
