"""The function that files one event of one command, called as nobody but a careless writer would."""

from uuid import uuid4

import psycopg
import pytest

from application.ports import MAX_DATA_BYTES
from tests.support.services import Database

_CALL = (
    "SELECT lodestone.append_event(gen_random_uuid(), 'li.wei', 'exporter', '', gen_random_uuid(), NULL,"
    " %s::text[], %s::integer[], gen_random_uuid(), 'a/1', %s, %s, 'a.happened', 1, now(), %s)"
)
_NO_OTHERS: tuple[list[str], list[int | None]] = ([], [])


def _append(
    connection: psycopg.Connection,
    version: int | None,
    others: tuple[list[str], list[int | None]] = _NO_OTHERS,
    *,
    key: str = "a/1",
    data: bytes = b"{}",
) -> str:
    """Append an event to stream a/1, whose version is guarded, as are others', and give the answer."""
    row = connection.execute(_CALL, (*others, version, key, data)).fetchone()
    return str(row[0]) if row else ""


def test_a_stream_keeps_its_first_key_and_counts_on(database: Database) -> None:
    """Whatever key a later event brings, and also for one who numbers from 0."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        answers = [_append(writer, version, key=f"key-{version}") for version in (-1, 0, 1)]
        rows = writer.execute("SELECT version, key FROM lodestone.events ORDER BY position").fetchall()
    assert answers == ["accepted 1", "accepted 2", "accepted 3"]
    assert rows == [(0, "key--1"), (1, "key--1"), (2, "key--1")]


@pytest.mark.parametrize(
    ("version", "streams", "versions", "answer"),
    [
        (0, ["a/2"], [0], "conflict 0 1"),
        (2, [], [], "conflict 0 1"),
        (1, ["a/3", "a/2"], [0, 5], "conflict 2 0"),
        (1, ["a/2"], [None], "conflict 1 0"),
        (1, ["a/2", "a/3"], [0], "conflict 2 0"),
    ],
)
def test_a_guard_that_does_not_hold_is_named(
    database: Database, version: int, streams: list[str], versions: list[int | None], answer: str
) -> None:
    """By its place; no version at all holds for nothing. Nothing is appended."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        assert _append(writer, 0) == "accepted 1"
        assert _append(writer, version, (streams, versions)) == answer
        assert writer.execute("SELECT count(*) FROM lodestone.events").fetchone() == (1,)


@pytest.mark.parametrize(
    ("version", "data", "state"), [(None, b"{}", "LD004"), (0, b"x" * (MAX_DATA_BYTES + 1), "LD002")]
)
def test_what_nobody_may_append_is_refused(database: Database, version: int | None, data: bytes, state: str) -> None:
    """An event whose stream has no guard, and one that is too large; nothing of it stays."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        with pytest.raises(psycopg.Error) as refused:
            _append(writer, version, data=data)
        assert refused.value.sqlstate == state
        assert writer.execute("SELECT count(*) FROM lodestone.events").fetchone() == (0,)


def test_a_known_command_is_known_before_anything_else(database: Database) -> None:
    """Whatever is wrong with its guards."""
    known = f"'{uuid4()}'::uuid"
    call = _CALL.replace("gen_random_uuid()", known, 1).encode()
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        first = writer.execute(call, ([], [], 0, "a/1", b"{}")).fetchone()
        again = writer.execute(call, ([], [], None, "a/1", b"{}")).fetchone()
    assert (first, again) == (("accepted 1",), ("known 1 1",))


def test_a_plan_made_for_a_small_log_serves_a_large_one(database: Database) -> None:
    """Were it to read a table of one page whole, it would go on to do so: a function keeps its plans."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        assert _append(writer, 0) == "accepted 1"
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            admin.execute("VACUUM ANALYZE lodestone.events")
        plan = writer.execute(
            "EXPLAIN SELECT version, key FROM lodestone.events WHERE stream = 'a/1' ORDER BY version DESC LIMIT 1"
        ).fetchall()
    assert "Seq Scan" not in str(plan)
    assert "events_stream_version_key" in str(plan)
