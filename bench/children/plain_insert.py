"""One INSERT and commit a row by plain psycopg, into a table with the columns and indexes of the events."""

from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic
from uuid import uuid4

import psycopg

from bench.children.arguments import Appending, appending
from bench.children.figure import tell_figure
from bench.children.sales import recorded_sales
from domain.calendar import midnight

_TABLE = "CREATE TABLE IF NOT EXISTS plain.events (LIKE lodestone.events INCLUDING ALL)"
# One value for each of the events' columns.
_INSERT = "INSERT INTO plain.events VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def main(told: Appending) -> None:
    """Insert them; psycopg prepares the statement by itself after some."""
    rows = list(_rows(told))
    with psycopg.connect(told.url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS plain")
        connection.execute(_TABLE)
        cursor = connection.cursor()
        for row in rows[: told.warm_up]:
            cursor.execute(_INSERT, row)
        begun = monotonic()
        for row in rows[told.warm_up :]:
            cursor.execute(_INSERT, row)
        seconds = monotonic() - begun
    tell_figure(told.count, seconds)


def _rows(told: Appending) -> Iterator[tuple[object, ...]]:
    now = datetime.now(UTC)
    sales = recorded_sales(told.trade, told.first, told.warm_up + told.count)
    for position, sale in enumerate(sales, start=told.first):
        occurred_at = midnight(sale.business_date) if sale.business_date else now
        place = (position, sale.stream, sale.version, sale.key, uuid4(), sale.type, 1, occurred_at, now)
        yield (*place, "bench", "exporter", "", uuid4(), uuid4(), None, sale.data)


if __name__ == "__main__":
    main(appending())
