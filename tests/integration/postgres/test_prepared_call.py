"""Calls by libpq: what comes after the rows counts too."""

import psycopg
import pytest

from infra.postgres.prepared_call import PreparedCall
from tests.support.services import Database

_TABLES = b"""
    CREATE TABLE public.parents (id integer PRIMARY KEY);
    CREATE TABLE public.children (id integer REFERENCES public.parents DEFERRABLE INITIALLY DEFERRED);
"""


def test_a_commit_that_fails_is_no_answer(database: Database) -> None:
    """The rows have come by then; the next call works as ever."""
    insert = PreparedCall("insert_child", "INSERT INTO public.children VALUES ($1) RETURNING id")
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(_TABLES)
        connection.execute("INSERT INTO public.parents VALUES (1)")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            insert.run(connection, [(2).to_bytes(4)])
        assert insert.run(connection, [(1).to_bytes(4)]) == [("1",)]
        assert connection.execute("SELECT id FROM public.children").fetchall() == [(1,)]
