"""The library as it comes: an application with its own PostgreSQL recorder, one ``save`` a command, in threads."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.children.arguments import Appending, appending
from bench.children.figure import tell_figure
from bench.children.sales import recorded_sales


class Sale(Aggregate):
    """A sale that holds what our own event does."""

    @event("Recorded")
    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts


def main(told: Appending) -> None:
    """Save them all, each as an aggregate of its own."""
    sales = recorded_sales(told.trade, told.first, told.warm_up + told.count)
    facts: list[dict[str, Any]] = [msgspec.json.decode(sale.data) for sale in sales]
    application: Application[Any] = Application(env=_environment(told))

    def save(each: dict[str, Any]) -> None:
        application.save(Sale(each))

    with ThreadPoolExecutor(told.concurrent) as clients:

        def save_all(some: Sequence[dict[str, Any]]) -> None:
            for _ in clients.map(save, some):
                pass

        save_all(facts[: told.warm_up])
        begun = monotonic()
        save_all(facts[told.warm_up :])
        seconds = monotonic() - begun
    application.close()
    tell_figure(told.count, seconds)


def _environment(told: Appending) -> dict[str, str]:
    url = urlsplit(told.url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": url.path.removeprefix("/"),
        "POSTGRES_HOST": str(url.hostname),
        "POSTGRES_PORT": str(url.port),
        "POSTGRES_USER": str(url.username),
        "POSTGRES_PASSWORD": str(url.password),
        # A connection for each thread, kept for good.
        "POSTGRES_POOL_SIZE": str(told.concurrent),
        "POSTGRES_MAX_OVERFLOW": "0",
    }


if __name__ == "__main__":
    main(appending())
