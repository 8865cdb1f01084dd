"""A commit whose answer is lost: asked again, a filing gets the same positions, and a consumer finds its row moved."""

from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from application.ports import Accepted, AlreadyFiled, StoreUnavailable, Submission
from consumers.ports import Progress, Step
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.projection_store import PostgresProjectionStore
from tests.support.consuming import FakeProjection
from tests.support.dropping_proxy import dropping_proxy
from tests.support.services import Database

_MOVED = "SELECT FROM lodestone.progress WHERE last_position = 7"


def test_asked_again_it_answers_the_same(
    database: Database, log: PostgresEventLog, submit: Callable[..., Submission]
) -> None:
    """Once in the log, though the client was told that the store is out of reach."""
    before = submit(1, events=2)
    with dropping_proxy(database.writer_url) as proxy, PostgresEventLog.connect(proxy.url) as far:
        assert far.append([before]) == [Accepted(1, 2)]
        lost = [submit(2, events=3), submit(3)]
        proxy.drop_answer_once(lambda: log.head() > 2)
        with pytest.raises(StoreUnavailable) as told:
            far.append(lost)
        assert told.value.code == "store.unavailable"
        assert proxy.dropped.is_set()
        assert far.append(lost) == [AlreadyFiled(3, 5), AlreadyFiled(6, 6)]
        assert far.known([each.command_id for each in lost]) == {
            lost[0].command_id: AlreadyFiled(3, 5),
            lost[1].command_id: AlreadyFiled(6, 6),
        }
    assert log.head() == 6


def test_a_consumer_that_did_not_hear_of_its_commit_finds_it_done(database: Database) -> None:
    """It is told that the store is out of reach, reloads, and its batch no longer fits."""
    projections = {"volumes": FakeProjection()}
    before, after = Progress(0, 0, 1, None), Progress(3, 7, 1, "topic")
    step = Step("volumes", 0, before, after, [], [])
    with (
        psycopg.connect(database.projector_url, autocommit=True) as near,
        dropping_proxy(database.projector_url) as proxy,
        closing(PostgresProjectionStore.connect(proxy.url, projections)) as far,
    ):
        assert far.progress(["volumes"], [0]) == {("volumes", 0): before}
        proxy.drop_answer_once(lambda: near.execute(_MOVED).fetchone() is not None)
        with pytest.raises(StoreUnavailable):
            far.commit([step])
        assert proxy.dropped.is_set()
        assert far.progress(["volumes"], [0]) == {("volumes", 0): after}
        assert not far.commit([step])
