"""Puts the events of made-up trade into a store by COPY, as an administrator: a million sales in two minutes.

Filing them would give the same events and is what other stages measure; this is only how a large log is had quickly.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

import psycopg
from psycopg import Connection

from bench.trade.deals import Deal
from bench.trade.events import StoredEvent, stored_events
from bench.trade.totals import Totals
from domain.calendar import midnight
from infra.postgres.subscription import CHANNEL

_BLOCK = 10_000
_EVENTS = (
    "COPY lodestone.events (position, stream, version, key, event_id, type, schema_version, occurred_at, recorded_at,"
    " actor_name, actor_role, actor_organisation, command_id, correlation_id, causation_id, data) FROM STDIN"
)
_COMMANDS = "COPY lodestone.commands (command_id, first_position, last_position) FROM STDIN"
# As appending does: a relay that has nothing to do looks at once.
_SAY_SO = f"NOTIFY {CHANNEL}".encode()
_LAST = "SELECT position, recorded_at FROM lodestone.events ORDER BY position DESC LIMIT 1"


def load(admin_url: str, deals: Iterable[Deal], told: Callable[[int], None], before: Totals | None = None) -> Totals:
    """Append the events of deals to a store that nobody else writes to; give what its figures must be.

    Args:
        admin_url: connects as superuser.
        deals: none of them in the store yet.
        told: is told after each block how many deals are in.
        before: of what it held before; these are added to it.
    """
    totals, done, upcoming = before or Totals(), 0, iter(deals)
    with psycopg.connect(admin_url) as connection:
        while block := list(islice(upcoming, _BLOCK)):
            _load_block(connection, block)
            connection.execute(_SAY_SO)
            connection.commit()
            for deal in block:
                totals.add(deal)
            done += len(block)
            told(done)
    return totals


def analyse(admin_url: str) -> None:
    """Leave a store that was loaded as autovacuum would in time."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _load_block(connection: Connection, block: Sequence[Deal]) -> None:
    found = connection.execute(_LAST).fetchone()
    head, recorded_at = (int(found[0]), found[1]) if found else (0, datetime.now(UTC) - timedelta(days=1))
    events: list[tuple[object, ...]] = []
    commands: list[tuple[object, ...]] = []
    for command in (each for deal in block for each in stored_events(deal)):
        command_id, recorded_at = uuid.uuid4(), recorded_at + timedelta(microseconds=1)
        commands.append((command_id, head + 1, head + len(command)))
        for event in command:
            head += 1
            events.append(_row(event, head, recorded_at, command_id))
    for statement, rows in ((_EVENTS, events), (_COMMANDS, commands)):
        with connection.cursor().copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _row(event: StoredEvent, position: int, recorded_at: datetime, command_id: uuid.UUID) -> tuple[object, ...]:
    occurred_at = recorded_at if event.business_date is None else midnight(event.business_date)
    place = (position, event.stream, event.version, event.key, uuid.uuid4(), event.type, 1, occurred_at, recorded_at)
    return (*place, "bench", "exporter", "", command_id, command_id, None, event.data)
