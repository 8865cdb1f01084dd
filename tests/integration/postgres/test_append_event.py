"""The function that files one event of one command, called as nobody but a careless writer would."""

from uuid import uuid4

import psycopg
import pytest

from application.ports import MAX_DATA_BYTES
from tests.support.services import Database

_CALL = (
    "SELECT lodestone.append_event(gen_random_uuid(), 'li.wei', 'exporter', '', gen_random_uuid(), NULL,"
    " %s::text[], %s::integer[], gen_random_uuid(), 'a/1', %s, 'a.happened', 1, now(), %s)"
)


def _append(
    connection: psycopg.Connection,
    versions: list[int | None] | None,
    *,
    guards: tuple[str, ...] = ("a/1",),
    key: str = "a/1",
    data: bytes = b"{}",
) -> str:
    """Append an event to stream a/1 and give the answer."""
    row = connection.execute(_CALL, (list(guards), versions, key, data)).fetchone()
    return str(row[0]) if row else ""


def test_a_stream_keeps_its_first_key_and_counts_on(database: Database) -> None:
    """Whatever key a later event brings, and also for one who numbers from 0."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        answers = [_append(writer, [version], key=f"key-{version}") for version in (-1, 0, 1)]
        rows = writer.execute("SELECT version, key FROM lodestone.events ORDER BY position").fetchall()
        stream = writer.execute("SELECT version, key FROM lodestone.streams").fetchall()
    assert answers == ["accepted 1", "accepted 2", "accepted 3"]
    assert rows == [(0, "key--1"), (1, "key--1"), (2, "key--1")]
    assert stream == [(2, "key--1")]


@pytest.mark.parametrize(
    ("guards", "versions", "answer"),
    [
        (("a/2", "a/1"), [0, 2], "conflict 2 1"),
        (("a/2", "a/1"), [5, 2], "conflict 1 0"),
        (("a/1",), [None], "conflict 1 1"),
        (("a/1", "a/2"), [1], "conflict 2 0"),
    ],
)
def test_the_first_guard_that_does_not_hold_is_named(
    database: Database, guards: tuple[str, ...], versions: list[int | None], answer: str
) -> None:
    """By its place; no version at all holds for nothing. Nothing is appended."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        assert _append(writer, [0]) == "accepted 1"
        assert _append(writer, versions, guards=guards) == answer
        assert writer.execute("SELECT count(*) FROM lodestone.events").fetchone() == (1,)


@pytest.mark.parametrize(
    ("guards", "versions", "data", "state"),
    [
        (("a/2",), [0], b"{}", "LD004"),
        ((), [], b"{}", "LD004"),
        (("a/1",), [0], b"x" * (MAX_DATA_BYTES + 1), "LD002"),
    ],
)
def test_what_nobody_may_append_is_refused(
    database: Database, guards: tuple[str, ...], versions: list[int | None], data: bytes, state: str
) -> None:
    """An event whose stream has no guard, and one that is too large; nothing of it stays."""
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        with pytest.raises(psycopg.Error) as refused:
            _append(writer, versions, guards=guards, data=data)
        assert refused.value.sqlstate == state
        assert writer.execute("SELECT count(*) FROM lodestone.streams").fetchone() == (0,)


def test_a_known_command_is_known_before_anything_else(database: Database) -> None:
    """Whatever is wrong with its guards."""
    known = f"'{uuid4()}'::uuid"
    call = _CALL.replace("gen_random_uuid()", known, 1).encode()
    with psycopg.connect(database.writer_url, autocommit=True) as writer:
        first = writer.execute(call, (["a/1"], [0], "a/1", b"{}")).fetchone()
        again = writer.execute(call, ([], [], "a/1", b"{}")).fetchone()
    assert (first, again) == (("accepted 1",), ("known 1 1",))
