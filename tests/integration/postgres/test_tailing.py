"""A reader that follows the log beside many writers misses nothing and sees everything in order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg

from application.ports import Accepted, Submission
from infra.postgres.connections import open_pool
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.recorder import PostgresRecorder
from tests.support.services import Database

WRITERS, COMMANDS = 8, 60


def test_every_position_once_and_in_order(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission]
) -> None:
    """By reading on from the last position seen, while 8 write commands of 1 to 3 events."""

    def write(writer: int) -> int:
        written = 0
        for number in range(COMMANDS):
            command = submit(writer * COMMANDS + number, events=1 + number % 3)
            (outcome,) = log.append([command])
            assert isinstance(outcome, Accepted)
            written += outcome.last_position - outcome.first_position + 1
        return written

    with ThreadPoolExecutor(WRITERS) as threads:
        writing = [threads.submit(write, writer) for writer in range(WRITERS)]
        seen: list[int] = []
        with PostgresEventLog.connect(database.writer_url) as reader:
            while not all(each.done() for each in writing) or (seen[-1] if seen else 0) < reader.head():
                seen += [each.position for each in reader.read(seen[-1] if seen else 0, 7)]
    assert seen == list(range(1, sum(each.result() for each in writing) + 1))


def test_a_subscription_survives_the_loss_of_its_connection(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission]
) -> None:
    """The library's own would end, or sleep through what was notified meanwhile."""
    with open_pool(database.writer_url) as pool, PostgresRecorder(pool).subscribe(gt=0) as subscription:
        log.append([submit(1)])
        assert next(subscription).id == 1
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        with PostgresEventLog.connect(database.writer_url) as other:
            other.append([submit(2), submit(3)])
        assert [next(subscription).id, next(subscription).id] == [2, 3]
