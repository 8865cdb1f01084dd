"""Many threads file at once when the connection breaks in the middle of a call."""

from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import psycopg
import pytest

from application.appending import GroupCommitAppender
from application.ports import Accepted, Conflict, DeadlinePassed, Outcome, StoreUnavailable
from infra.postgres.event_log import PostgresEventLog
from tests.support.dropping_proxy import DroppingProxy, dropping_proxy
from tests.support.services import Database
from tests.support.submissions import stream_of, submission

THREADS, EACH = 64, 10


def test_every_command_is_settled_when_the_answer_is_lost(database: Database, log: PostgresEventLog) -> None:
    """Each is accepted exactly once, where its answer says, though whole calls lost theirs three times."""
    with (
        dropping_proxy(database.writer_url) as proxy,
        PostgresEventLog.connect(proxy.url) as far,
        GroupCommitAppender(far) as appender,
    ):

        def file(thread: int) -> list[tuple[str, Outcome]]:
            numbers = range(thread * EACH, thread * EACH + EACH)
            return [(stream_of(number), appender.append(submission(number), 120)) for number in numbers]

        with ThreadPoolExecutor(THREADS) as pool:
            running = [pool.submit(file, thread) for thread in range(THREADS)]
            for share in (1, 2, 3):
                _drop_when(proxy, log, share * THREADS * EACH // 5)
            answers = [answer for each in running for answer in each.result()]
    standing = {event.stream: Accepted(event.position, event.position) for event in log.read(0, 10_000)}
    assert dict(answers) == standing
    assert len(answers) == log.head() == THREADS * EACH


def test_a_command_alone_is_settled_when_its_answer_is_lost(database: Database, log: PostgresEventLog) -> None:
    """Accepted by this very call, though it was asked for twice."""
    with (
        dropping_proxy(database.writer_url) as proxy,
        PostgresEventLog.connect(proxy.url) as far,
        GroupCommitAppender(far) as appender,
    ):
        proxy.drop_answer_once(lambda: log.head() > 0)
        assert appender.append(submission(1), 120) == Accepted(1, 1)
        assert proxy.dropped.is_set()
    assert log.head() == 1


def test_a_call_that_is_not_answered_ends_in_its_deadline(database: Database, log: PostgresEventLog) -> None:
    """Another transaction holds the lock; once it has gone, the appender works on."""
    with psycopg.connect(database.admin_url) as holder, GroupCommitAppender(log) as appender:
        holder.execute("LOCK TABLE lodestone.append_lock IN EXCLUSIVE MODE")
        with pytest.raises(DeadlinePassed, match="may stand"):
            appender.append(submission(1), 0.2)
        holder.rollback()
        assert isinstance(appender.append(submission(2)), Accepted)


@pytest.mark.parametrize("commands", [1, 2])
@pytest.mark.parametrize("mode", ["SHARE UPDATE EXCLUSIVE", "EXCLUSIVE"])
def test_whoever_appends_waits_for_whoever_does(
    database: Database, log: PostgresEventLog, mode: LiteralString, commands: int
) -> None:
    """A command alone takes the lock in the weaker mode, a batch in the stronger one: either excludes both."""
    submissions = [submission(number) for number in range(1, commands + 1)]
    with psycopg.connect(database.admin_url) as holder:
        holder.execute(f"LOCK TABLE lodestone.append_lock IN {mode} MODE")
        with pytest.raises(StoreUnavailable, match="in time"):
            log.append(submissions, 0.2)
        assert log.head() == 0
        holder.rollback()
    # The call that was given up may have gone through meanwhile: each stands once.
    places = [each.first_position for each in log.append(submissions, 30) if not isinstance(each, Conflict)]
    assert places == list(range(1, commands + 1))
    assert log.head() == commands


def _drop_when(proxy: DroppingProxy, log: PostgresEventLog, head: int) -> None:
    proxy.dropped.clear()
    proxy.drop_answer_once(lambda: log.head() >= head)
    assert proxy.dropped.wait(120)
