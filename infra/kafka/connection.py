"""How every client of ours reaches the broker, and what keeps it from stalling."""

import socket
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from application.publishing import BrokerUnavailable

MAX_MESSAGE_BYTES = 8 * 1024 * 1024

_REACH_S = 3.0

# Producers and consumers: client metrics cost as much as the work, and a topic that appears by itself has the
# wrong partitions.
CLIENT_OPTIONS: Mapping[str, Any] = {"metrics_enabled": False, "allow_auto_create_topics": False}

# A record with the largest event must fit into one fetch of its partition. The embedded broker looks for new records
# but twice within the longest wait, so with the default of half a second every second event came a quarter late.
FETCH_OPTIONS: Mapping[str, Any] = {
    "fetch_max_wait_ms": 50,
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "max_partition_fetch_bytes": MAX_MESSAGE_BYTES,
    "fetch_max_bytes": 32 * 1024 * 1024,
}


def patient(bootstrap: str, secured: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the options that admin, producer and consumer share.

    With the library's own back-off of up to 30 s a consumer stayed blind for 55 s after a broker's restart.

    Args:
        bootstrap: ``host:port``, several with commas.
        secured: the library's own TLS and SASL options.
    """
    return {
        "bootstrap_servers": bootstrap,
        "reconnect_backoff_max_ms": 1_000,
        "request_timeout_ms": 8_000,
        "bootstrap_timeout_ms": 8_000,
        **secured,
    }


def require_reachable(options: Mapping[str, Any]) -> None:
    """Fail at once where nothing listens: a client that cannot bootstrap leaves its thread behind.

    Raises:
        BrokerUnavailable: ``kafka.unavailable``.
    """
    servers = str(options["bootstrap_servers"]).split(",")
    if not any(_listens(each.strip()) for each in servers):
        raise BrokerUnavailable(f"nothing listens at {options['bootstrap_servers']}")


def _listens(server: str) -> bool:
    host, _, port = server.rpartition(":")
    try:
        with closing(socket.create_connection((host.strip("[]"), int(port)), _REACH_S)):
            return True
    except OSError:
        return False
