"""Totals in blocks, settled at any time, answer what the ledger would: also late, also as of, also as known at."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from application.filing import FilingAccepted
from consumers.ports import ParkedEvent, Step
from domain.envelope import Envelope
from infra.kafka.partitioning import PARTITIONS, partition_of
from infra.postgres.generations import make_generation, make_indexes
from infra.postgres.projection_store import PostgresProjectionStore
from infra.postgres.rows import PostgresRows, use_schema
from infra.postgres.settling import PostgresSettling
from projections.blocks import FIRST_SIZE
from projections.client_volumes import queries as client_volumes
from projections.decoding import Decoder
from projections.element_volumes import queries as element_volumes
from projections.ports import Rows
from projections.stated import held_in
from projections.volume_ledger.differences import HELD
from projections.volume_ledger.query import VolumeQuery
from projections.volume_ledger.settled import lock
from projections.volumes import Volumes
from tests.support.random_trade import Ledger, PlainTrade, opening, random_steps
from tests.support.reading import TOPIC, office
from tests.support.services import Database

# Events are put so far apart that a few dozen of them fill blocks of every level up to the third.
SPREAD = 40 * FIRST_SIZE + 17
SCHEMA = "volumes_g1"
Months = Counter[tuple[str, str | None, str | None, str | None, str]]


@dataclass
class Trade:
    """What was filed: events by position, and what was in force at the end of each filing."""

    events: list[Envelope] = field(default_factory=list)
    known: dict[int, Ledger] = field(default_factory=dict)

    @property
    def head(self) -> int:
        """Give the last position."""
        return max(self.known)


def _trade(database: Database, seed: int) -> Trade:
    model, trade = PlainTrade(), Trade()
    with office(database) as opened:
        for step in [*opening(), *random_steps(Random(seed))]:  # noqa: S311 - reproducible
            outcome = opened.file(step)
            if isinstance(outcome, FilingAccepted):
                model.accept(step)
                trade.known[outcome.last_position * SPREAD] = model.in_force()
        events = opened.log.read(0, 10_000)
    trade.events = [each._replace(position=each.position * SPREAD) for each in events]
    return trade


@contextmanager
def _tables(database: Database) -> Iterator[tuple[psycopg.Connection, Rows]]:
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        with connection.transaction():
            make_generation(connection, Volumes(Decoder()), 1)
            make_indexes(connection, Volumes(Decoder()), 1)
        connection.execute(f"SET search_path = {SCHEMA}".encode())
        yield connection, PostgresRows(connection)


def _settle(connection: psycopg.Connection, cut: int) -> int:
    steps = 0
    while True:
        with connection.transaction():
            if not Volumes(Decoder()).settle(PostgresRows(connection), cut):
                return steps
        steps += 1


def _expected(ledger: Ledger, *, clients: bool, until: date = date.max) -> Months:
    months: Months = Counter()
    for (measure, client, destination, element, day), ng in ledger.items():
        if date.fromisoformat(day) <= until:
            months[measure, client if clients else None, destination, element, day[:7]] += ng
    return Counter({key: ng for key, ng in months.items() if ng})


def _answered(rows: Rows, position: int, *, clients: bool, as_of: date | None = None) -> Months:
    found: Months = Counter()
    for element in ((), ("element",)):
        by = (*(("client",) if clients else ()), *element, "destination", "month")
        query = VolumeQuery(by=by, as_of=as_of)
        answer = (client_volumes if clients else element_volumes).volumes(rows, query, position)
        for row in answer:
            named = dict(zip(by, row.keys, strict=True))
            key = (row.measure, named.get("client"), named["destination"], named.get("element"), str(named["month"]))
            found[key] += row.ng
    return found


def _assert_answers(rows: Rows, trade: Trade) -> None:
    for position, ledger in trade.known.items():
        for clients in (True, False):
            assert _answered(rows, position, clients=clients) == _expected(ledger, clients=clients), position


def _wrong_blocks(rows: Rows) -> list[tuple[str, int]]:
    """Give where the checks of a rebuild find blocks to be other than the ledger; it is held against the events."""
    return [place for place, weight in held_in(rows, HELD).items() if weight and place[0] != "ledger"]


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.parametrize("seed", range(3))
def test_what_is_settled_answers_as_the_ledger_does(database: Database, seed: int) -> None:
    """At every position, whatever was settled before: nothing, a part, all."""
    trade = _trade(database, seed)
    with _tables(database) as (connection, rows):
        Volumes(Decoder()).apply(rows, trade.events)
        _assert_answers(rows, trade)
        for cut in (trade.head // 3, trade.head):
            assert _settle(connection, cut) > 0
            _assert_answers(rows, trade)
            assert _wrong_blocks(rows) == []
        assert _count(connection, "element_volumes") > _count(connection, "client_volumes") > 0
        assert _settle(connection, trade.head) == 0


def test_a_business_date_within_a_month_is_answered_from_both(database: Database) -> None:
    """Whole months from totals, the month that counts in part from the ledger."""
    trade = _trade(database, 4)
    last = trade.known[trade.head]
    days = sorted({date.fromisoformat(day) for *_, day in last})
    with _tables(database) as (connection, rows):
        Volumes(Decoder()).apply(rows, trade.events)
        _settle(connection, trade.head)
        for as_of in [days[0], days[len(days) // 2], days[-1], date(2025, 1, 31), date(2020, 2, 29)]:
            for clients in (True, False):
                found = _answered(rows, trade.head, clients=clients, as_of=as_of)
                assert found == _expected(last, clients=clients, until=as_of), as_of


def test_what_comes_late_is_added_to_what_is_settled(database: Database) -> None:
    """Streams that were parked while others were settled far beyond them, retried one after another."""
    trade = _trade(database, 5)
    late = {each.stream for each in trade.events if each.stream.startswith(("sale/", "shipment/"))}
    late = set(sorted(late)[::2])
    with _tables(database) as (connection, rows):
        Volumes(Decoder()).apply(rows, [each for each in trade.events if each.stream not in late])
        _settle(connection, trade.head // 2)
        without = _answered(rows, trade.head, clients=True)
        for stream in sorted(late):
            with connection.transaction():
                Volumes(Decoder()).apply_late(rows, [each for each in trade.events if each.stream == stream])
        assert _answered(rows, trade.head, clients=True) != without
        _assert_answers(rows, trade)
        _settle(connection, trade.head)
        _assert_answers(rows, trade)
        assert _wrong_blocks(rows) == []


# What tells which command a position belongs to; nothing else of it is read here.
_EVENT = """
INSERT INTO lodestone.events VALUES (
    %(at)s, %(stream)s, %(at)s, %(key)s, gen_random_uuid(), 'a.happened', 1, now(), now(), 'a', 'exporter', '', %(id)s,
    %(id)s, NULL, '')
"""


def _publish(database: Database, trade: Trade) -> None:
    """Say that every event was published, each its own command, so that a cut can pass them."""
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        for each in trade.events:
            place = (TOPIC, partition_of(each.key), each.position)
            admin.execute("INSERT INTO lodestone.publications VALUES (%s, %s, %s)", place)
            admin.execute("INSERT INTO lodestone.commands VALUES (%(id)s, %(at)s, %(at)s)", _of(each))
            admin.execute(_EVENT, _of(each))


def _of(event: Envelope) -> dict[str, object]:
    return {"id": UUID(int=event.position), "at": event.position, "stream": event.stream, "key": event.key}


def test_a_parked_stream_that_is_retried_is_in_every_total(database: Database) -> None:
    """Consumed with one stream parked, settled beyond it by the projector, then retried: now, and as known before."""
    trade = _trade(database, 8)
    _publish(database, trade)
    parked = next(each.stream for each in trade.events if each.type == "sale.recorded")
    partition = next(partition_of(each.key) for each in trade.events if each.stream == parked)
    projections = {"volumes": Volumes(Decoder())}
    with (
        closing(PostgresProjectionStore.connect(database.projector_url, projections)) as store,
        closing(PostgresSettling(database.projector_url, projections["volumes"], TOPIC, PARTITIONS)) as settling,
        psycopg.connect(database.admin_url, autocommit=True) as connection,
    ):
        before = store.progress(["volumes"], range(PARTITIONS))
        assert settling.step() is False
        for number in range(PARTITIONS):
            events = [each for each in trade.events if partition_of(each.key) == number]
            row = before["volumes", number]
            after = replace(row, last_position=trade.head)
            aside = [ParkedEvent(number, parked, each.position, "c", "m") for each in events if each.stream == parked]
            apply = [each for each in events if each.stream != parked]
            assert store.commit([Step("volumes", number, row, after, apply, aside)])
        while settling.step():
            pass
        connection.execute("SET search_path = volumes_g1")
        rows = PostgresRows(connection)
        assert _count(connection, "client_volumes") > 0
        assert _answered(rows, trade.head, clients=True) != _expected(trade.known[trade.head], clients=True)
        row = store.progress(["volumes"], [partition])["volumes", partition]
        late = [each for each in trade.events if each.stream == parked]
        assert store.commit([Step("volumes", partition, row, row, late, [], unpark=parked)])
        _assert_answers(rows, trade)
        assert _wrong_blocks(rows) == []


def test_nobody_settles_while_another_is_at_it(database: Database) -> None:
    """Neither beside another settler nor beside what comes late; nobody waits for it."""
    trade = _trade(database, 6)
    with _tables(database) as (connection, rows), psycopg.connect(database.admin_url, autocommit=True) as other:
        Volumes(Decoder()).apply(rows, trade.events)
        with other.transaction():
            use_schema(other, SCHEMA)
            lock(PostgresRows(other))
            assert _settle(connection, trade.head) == 0
        assert _settle(connection, trade.head) > 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE element_volumes SET ng[1] = ng[1] + 1 WHERE level = 0",
        "UPDATE client_volumes SET ng[1] = ng[1] + 1 WHERE level = 3",
        "DELETE FROM element_volumes WHERE level = 2",
        "UPDATE client_volumes SET month = '1999-01' WHERE level = 2",
        "INSERT INTO client_volumes SELECT * FROM client_volumes WHERE level = 3 LIMIT 1",
    ],
)
def test_the_checks_of_a_rebuild_see_a_wrong_block(database: Database, damage: str) -> None:
    """A figure that is off, a block that is gone, doubled, or in another month."""
    trade = _trade(database, 7)
    with _tables(database) as (connection, rows):
        Volumes(Decoder()).apply(rows, trade.events)
        _settle(connection, trade.head)
        assert connection.execute(damage.encode()).rowcount > 0
        assert _wrong_blocks(rows)
