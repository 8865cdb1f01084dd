"""The function that files one event of one command, called as nobody but a careless writer would."""

from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from application.ports import MAX_DATA_BYTES, Accepted, AlreadyFiled, Conflict
from infra.postgres.event_log import PostgresEventLog
from tests.support.services import Database
from tests.support.submissions import stream_of, submission

_CALL = (
    "SELECT lodestone.append_event(gen_random_uuid(), 'li.wei', 'exporter', '', gen_random_uuid(), NULL,"
    " %s::text[], %s::integer[], gen_random_uuid(), 'a/1', %s, %s, 'a.happened', 1, now(), %s)"
)
_COUNTS = "SELECT (SELECT count(*) FROM lodestone.events), (SELECT count(*) FROM lodestone.commands)"
_NO_OTHERS: tuple[list[str], list[int | None]] = ([], [])


def _append(
    connection: psycopg.Connection,
    version: int | None,
    others: tuple[list[str], list[int | None]] = _NO_OTHERS,
    *,
    key: str = "a/1",
    data: bytes = b"{}",
) -> int | None:
    """Append an event to stream a/1, whose version is guarded, as are others', and give its position."""
    row = connection.execute(_CALL, (*others, version, key, data)).fetchone()
    assert row is not None
    position: int | None = row[0]
    return position


def test_a_stream_keeps_its_first_key_and_counts_on(database: Database) -> None:
    """Whatever key a later event brings."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        answers = [_append(writer, version, key=f"key-{version}") for version in (0, 1, 2)]
        rows = writer.execute("SELECT version, key FROM lodestone.events ORDER BY position").fetchall()
    assert answers == [1, 2, 3]
    assert rows == [(1, "key-0"), (2, "key-0"), (3, "key-0")]


@pytest.mark.parametrize(
    ("version", "streams", "versions"),
    [
        (2, [], []),
        (-1, [], []),
        (None, [], []),
        (1, ["a/3", "a/2"], [0, 5]),
        (1, ["a/2"], [None]),
        (1, ["a/2", "a/3"], [0]),
        (1, ["a/1"], [0]),
    ],
)
def test_nothing_is_appended_where_a_guard_does_not_hold(
    database: Database, version: int | None, streams: list[str], versions: list[int | None]
) -> None:
    """No version at all holds for nothing, and the event's own stream needs one."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        assert _append(writer, 0) == 1
        assert _append(writer, version, (streams, versions)) is None
        assert writer.execute(_COUNTS).fetchone() == (1, 1)


def test_an_event_that_is_too_large_is_not_appended(database: Database) -> None:
    """Nothing of it stays."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        assert _append(writer, 0, data=b"x" * (MAX_DATA_BYTES + 1)) is None
        assert writer.execute(_COUNTS).fetchone() == (0, 0)


def test_keys_refuse_a_second_first_event_and_a_command_that_is_known(database: Database) -> None:
    """Nobody looks for them; nothing of the call stays."""
    known = _CALL.replace("gen_random_uuid()", f"'{uuid4()}'::uuid", 1).encode()
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        assert writer.execute(known, ([], [], 0, "a/1", b"{}")).fetchone() == (1,)
        with pytest.raises(UniqueViolation, match="commands_pkey"):
            writer.execute(known, ([], [], 1, "a/1", b"{}"))
        with pytest.raises(UniqueViolation, match="events_stream_version_key"):
            _append(writer, 0)
        assert writer.execute(_COUNTS).fetchone() == (1, 1)


def test_what_stands_against_a_lone_command_is_said(log: PostgresEventLog) -> None:
    """By the function that appends many; after each refusal the next command is filed as if nothing had been."""
    first, second = submission(1), submission(2)
    amended = replace(first, command_id=uuid4())
    missed = replace(amended, guards={stream_of(1): 4})
    other = replace(submission(3), guards={**submission(3).guards, stream_of(1): 0})
    known = replace(first, guards={stream_of(1): 1})
    unguarded = replace(submission(4), guards={})
    assert log.append([first]) == [Accepted(1, 1)]
    for refused, outcome in [
        (first, AlreadyFiled(1, 1)),
        (known, AlreadyFiled(1, 1)),
        (amended, Conflict(stream_of(1), 0, 1)),
        (missed, Conflict(stream_of(1), 4, 1)),
        (other, Conflict(stream_of(1), 0, 1)),
    ]:
        assert log.append([refused], 30.0) == [outcome]
    with pytest.raises(psycopg.Error, match="no guard for"):
        log.append([unguarded])
    assert log.append([second]) == [Accepted(2, 2)]


def test_a_plan_made_for_a_small_log_serves_a_large_one(database: Database) -> None:
    """Were it to read a table of one page whole, it would go on to do so: a function keeps its plans."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        assert _append(writer, 0) == 1
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            admin.execute("VACUUM ANALYZE lodestone.events")
        plan = writer.execute(
            "EXPLAIN SELECT version, key FROM lodestone.events WHERE stream = 'a/1' ORDER BY version DESC LIMIT 1"
        ).fetchall()
    assert "Seq Scan" not in str(plan)
    assert "events_stream_version_key" in str(plan)
