"""A commit whose answer is lost: asked again, it is answered with the same positions."""

from collections.abc import Callable

import pytest

from application.ports import Accepted, AlreadyFiled, StoreUnavailable, Submission
from infra.postgres.event_log import PostgresEventLog
from tests.support.dropping_proxy import dropping_proxy
from tests.support.services import Database


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
