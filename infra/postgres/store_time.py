"""What time it is for the event store, whose clock stamps every event."""

from contextlib import closing
from datetime import datetime

from infra.postgres.connections import connect, translated


def read_store_time(url: str) -> datetime:
    """Ask by a role's URL (errors as ``connections.connect``)."""
    with closing(connect(url)) as connection, translated():
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    if row is None:
        raise LookupError("a SELECT without FROM gave no row")
    moment: datetime = row[0]
    return moment
