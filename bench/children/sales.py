"""Sales as the write side takes them: one submission a sale, ready before anything is timed."""

from collections.abc import Sequence
from uuid import uuid4

from application.ports import NewEvent, Submission
from bench.trade.deals import deals, ground
from bench.trade.events import StoredEvent, stored_events
from domain import registry
from domain.calendar import midnight
from domain.envelope import Actor
from infra.clock import SystemClock, UuidV7Ids

ACTOR = Actor("bench", "exporter", "")


def recorded_sales(sales_of_ground: int, first: int, count: int) -> Sequence[StoredEvent]:
    """Give the first event of some deals.

    Args:
        sales_of_ground: the size of the trade, which says who trades.
        first: number of the first deal; whoever appends to the same log takes others.
        count: how many.
    """
    return [next(stored_events(deal))[0] for deal in deals(ground(sales_of_ground), count, first)]


def submissions(sales: Sequence[StoredEvent]) -> Sequence[Submission]:
    """Make a command of each sale: a new stream, guarded by its absence."""
    ids = UuidV7Ids(SystemClock())
    now = SystemClock().now()
    return [
        Submission(
            command_id=uuid4(),
            actor=ACTOR,
            correlation_id=uuid4(),
            causation_id=None,
            guards={sale.stream: 0},
            events=[
                NewEvent(
                    ids.event_id(),
                    registry.decode(sale.type, 1, sale.data),
                    midnight(sale.business_date) if sale.business_date else now,
                )
            ],
        )
        for sale in sales
    ]
