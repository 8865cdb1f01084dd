"""No filtered question scans the ledger, a total, the trail, histories or the events.

Why this is honest: the planner knows a table by its statistics alone, and these tables have as many clients, months and
destinations as real ones, blocks of three levels, and so many rows that a scan of the whole costs many times what an
index costs. No way of reading is switched off, but sorting where the product switches it off, and a question that must
scan is seen to scan. The plan that a prepared statement keeps for any values is looked at as well as the one for these.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import psycopg
import pytest

from infra.postgres.generations import make_generation, make_indexes
from infra.postgres.rows import PostgresRows
from projections.audit_history.queries import audit
from projections.catalogue import catalogue
from projections.client_volumes import queries as client_volumes
from projections.cut import cut
from projections.decoding import EventReader
from projections.element_volumes import queries as element_volumes
from projections.incomplete import incomplete
from projections.ports import Rows
from projections.trade_trail.gaps import gaps
from projections.trade_trail.queries import trail
from projections.trade_trail.query import GapQuery, TrailQuery
from projections.volume_ledger.queries import explain
from projections.volume_ledger.query import VolumeQuery
from tests.support.services import Cluster

pytestmark = pytest.mark.timeout(600)

HEAD = 300_000
TOPIC = "t.events"
BIG = {"volume_entries", "client_volumes", "element_volumes", "trail_steps", "audit_links", "events", "publications"}
EXPORTER = "91999999MA20682835"
# 400 clients of 40 exporters, 48 months, 12 destinations, a sale every four positions.
_OF = """
    SELECT n, 'sale/91999999MA206828' || to_char(h % 40, 'FM00') || '/' || n / 4 AS sale,
           'shipment/' || n / 4 AS shipment,
           'client/91999999MA206828' || to_char(h % 40, 'FM00') || '/C' || h % 400 AS client,
           '91999999MA206828' || to_char(h % 40, 'FM00') AS exporter,
           date '2021-01-01' + (h / 400 % 1460)::int AS day,
           (ARRAY['DE','US','JP','KR','FR','IT','VN','IN','MX','CZ','HU','PL'])[1 + h / 7 % 12] AS destination,
           (ARRAY['sold','shipped','received','cancelled'])[1 + n % 4] AS measure
    FROM (SELECT n, abs(hashint8(n / 4))::bigint AS h FROM generate_series(1, {head}::bigint) AS n) AS each
"""
_FILL = """
INSERT INTO volumes_g1.volume_entries
    SELECT n, 0, day, measure, exporter, client, destination, ARRAY[NULL, 'Nd', 'Dy'], ARRAY[n, n * 300, n * 7] FROM of;
INSERT INTO trade_trail_g1.trail_steps
    SELECT n, n, day, 0, n % 50 > 0, measure, client, sale,
           CASE WHEN measure IN ('shipped', 'received') THEN shipment END, ARRAY[1], ARRAY[n],
           CASE WHEN measure = 'received' THEN ARRAY[''] END FROM of;
INSERT INTO audit_history_g1.audit_links
    SELECT subject, min(n), array_agg(n ORDER BY n) FROM (
        SELECT client AS subject, n FROM of UNION ALL SELECT 'exporter/' || exporter, n FROM of) AS each
    GROUP BY subject, n / 5000;
INSERT INTO lodestone.events
    SELECT n, CASE WHEN measure IN ('shipped', 'received') THEN shipment ELSE sale END, n % 4 + 1, client,
           gen_random_uuid(), 'sale.voided', 1, now(), now(), 'a', 'exporter', '', md5(n::text)::uuid,
           gen_random_uuid(), NULL,
           format('{"client":"%s","contract_no":"1","exporter":"%s","reason":"r","reverses":[],"violations":[]}',
                  client, exporter)::bytea FROM of;
INSERT INTO lodestone.publications SELECT 't.events', n % 12, n FROM of;
INSERT INTO lodestone.commands SELECT md5(n::text)::uuid, n, n FROM of
"""


class Explained(PostgresRows):
    """Notes which tables every statement scans from end to end, in its own plan and in one for any values."""

    def __init__(self, connection: psycopg.Connection) -> None:
        super().__init__(connection)
        self._under = connection
        self.scanned: set[str] = set()
        self.indexes: set[str] = set()

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Explain, then run."""
        (plan,) = super().execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)[0]
        self.scanned |= set(_scanned(plan[0]["Plan"]))
        self.indexes |= set(_indexes(plan[0]["Plan"]))
        explaining = f"EXPLAIN (FORMAT JSON, GENERIC_PLAN) {_numbered(sql)}".encode()
        # Asked often it would be prepared, and then lack its parameters.
        (general,) = self._under.execute(explaining, prepare=False).fetchone() or ()
        self.scanned |= {f"{name} (any values)" for name in _scanned(general[0]["Plan"])}
        return super().execute(sql, parameters)


def _numbered(sql: str) -> str:
    """Give the statement with numbered parameters, as the server prepares it."""
    names = dict.fromkeys(re.findall(r"%\((\w+)\)s", sql))
    for number, name in enumerate(names, start=1):
        sql = sql.replace(f"%({name})s", f"${number}")
    assert "%s" not in sql
    return sql.replace("%%", "%")


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in BIG:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _scanned(part)


def _indexes(plan: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in plan:
        yield plan["Index Name"]
    for part in plan.get("Plans", ()):
        yield from _indexes(part)


@pytest.fixture(scope="module")
def connection(cluster: Cluster) -> Iterator[psycopg.Connection]:
    """Tables with 300,000 positions, settled and analysed."""
    with cluster.database() as database, psycopg.connect(database.admin_url, autocommit=True) as opened:
        opened.execute("SET jit = off")
        units = catalogue()
        for unit in units.values():
            with opened.transaction():
                make_generation(opened, unit, 1)
            opened.execute("INSERT INTO lodestone.read_models VALUES (%s, 1)", (unit.name,))
        opened.execute(f"CREATE TEMP TABLE of AS {_OF.format(head=HEAD)}".encode())
        opened.execute("RESET search_path")
        for statement in _FILL.split(";"):
            opened.execute(statement.encode())
        for unit in units.values():
            with opened.transaction():
                make_indexes(opened, unit, 1)
        opened.execute("SET search_path = volumes_g1")
        while units["volumes"].settle(PostgresRows(opened), HEAD):
            pass
        for partition in range(12):
            values = ("volumes", partition, HEAD - 50)
            opened.execute("INSERT INTO lodestone.progress VALUES (%s, %s, 0, %s, 1, NULL)", values)
        opened.execute("VACUUM ANALYZE")
        yield opened


@pytest.fixture(scope="module")
def client(connection: psycopg.Connection) -> str:
    """One of the clients."""
    row = connection.execute("SELECT client FROM volumes_g1.volume_entries WHERE position = 1000").fetchone()
    assert row is not None
    return str(row[0])


Ask = Callable[[Rows, str], object]


def _volumes(position: int = HEAD - 50, **filters: Any) -> Ask:
    def ask(rows: Rows, client: str) -> object:
        named: dict[str, Any] = {name: (client,) if value == "CLIENT" else value for name, value in filters.items()}
        query = VolumeQuery(by=named.pop("by", ("month",)), **named)
        total = element_volumes if element_volumes.can_answer(query) else client_volumes
        return total.volumes(rows, query, position)

    return ask


def _explain(**filters: Any) -> Ask:
    def ask(rows: Rows, client: str) -> object:
        named: dict[str, Any] = {name: (client,) if value == "CLIENT" else value for name, value in filters.items()}
        return explain(rows, VolumeQuery(measures=("sold",), **named), HEAD)

    return ask


def _sale(rows: Rows) -> str:
    ((sale,),) = rows.execute("SELECT stream FROM lodestone.events WHERE position = %(position)s", {"position": 308})
    return str(sale)


# Asked with sorting switched off, as the product asks them.
ADDED_UP: dict[str, Ask] = {
    "a client": _volumes(clients="CLIENT", by=("element", "month")),
    "a client then": _volumes(HEAD // 2, clients="CLIENT", by=("element", "month")),
    "an exporter": _volumes(exporters=(EXPORTER,)),
    "an element": _volumes(elements=("Dy",), by=("destination",), from_month="2022-01", to_month="2023-12"),
    "an element then": _volumes(HEAD // 2, elements=("Dy",), by=("destination",), to_month="2023-12"),
    "a destination": _volumes(destinations=("DE",)),
    "a month by client": _volumes(by=("client",), from_month="2022-05", to_month="2022-05"),
    "a client as of": _volumes(clients="CLIENT", as_of=date(2022, 5, 17)),
    "a month as of": _volumes(by=("element",), from_month="2022-05", as_of=date(2022, 5, 17)),
}
QUESTIONS: dict[str, tuple[str, Ask]] = {
    **{question: ("volumes", ask) for question, ask in ADDED_UP.items()},
    "a party": ("volumes", _volumes(parties="CLIENT")),
    "one figure explained": (
        "volumes",
        _explain(clients="CLIENT", elements=("Dy",), from_month="2022-05", to_month="2022-05"),
    ),
    "an exporter's explained": ("volumes", _explain(exporters=(EXPORTER,), elements=("Dy",), to_month="2021-02")),
    "a day explained": ("volumes", _explain(destinations=("DE",), from_month="2022-05", as_of=date(2022, 5, 2))),
    "the cut": ("volumes", lambda rows, _: cut(rows, "volumes", TOPIC, 12)),
    "what is missing": ("volumes", lambda rows, _: incomplete(rows, "volumes", HEAD, None)),
    "a client's trail": ("trade_trail", lambda rows, client: trail(rows, TrailQuery(client), HEAD)),
    "a client's trail in a month": (
        "trade_trail",
        lambda rows, client: trail(rows, TrailQuery(client, from_month="2021-05", to_month="2024-05"), HEAD),
    ),
    "an exporter's trail": ("trade_trail", lambda rows, _: trail(rows, TrailQuery(f"exporter/{EXPORTER}"), HEAD)),
    "a sale's trail": ("trade_trail", lambda rows, _: trail(rows, TrailQuery(_sale(rows)), HEAD)),
    "a shipment's trail": ("trade_trail", lambda rows, _: trail(rows, TrailQuery("shipment/77"), HEAD)),
    "a client's gaps": (
        "trade_trail",
        lambda rows, client: gaps(rows, GapQuery(date(2025, 1, 1), clients=(client,)), HEAD),
    ),
    "an exporter's gaps": (
        "trade_trail",
        lambda rows, _: gaps(rows, GapQuery(date(2025, 1, 1), exporters=(EXPORTER,)), HEAD),
    ),
    "a client's history": ("audit_history", lambda rows, client: audit(rows, EventReader(), [client], HEAD)),
    "a sale's history": ("audit_history", lambda rows, _: audit(rows, EventReader(), [_sale(rows)], HEAD)),
}


def _begin(connection: psycopg.Connection, unit: str, question: str) -> None:
    connection.execute(f"SET search_path = {unit}_g1".encode())
    connection.execute(f"SET enable_sort = {'off' if question in ADDED_UP else 'on'}".encode())


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_filtered_question_scans_no_big_table(connection: psycopg.Connection, client: str, question: str) -> None:
    """Every statement that it asks, planned for these values and for any."""
    unit, ask = QUESTIONS[question]
    _begin(connection, unit, question)
    rows = Explained(connection)
    answer = ask(rows, client)
    assert answer or question == "what is missing"
    assert not rows.scanned


@pytest.mark.parametrize(
    ("question", "indexes"),
    [
        ("a client", {"client_volumes_by_client", "volume_entries_by_client"}),
        ("an exporter", {"client_volumes_by_exporter", "volume_entries_by_exporter"}),
        ("an element", {"element_volumes_by_block", "volume_entries_pkey"}),
        ("a client's trail", {"trail_steps_by_client", "trail_steps_not_ordinary"}),
        ("a shipment's trail", {"trail_steps_pkey", "trail_steps_by_sale", "trail_steps_with_reasons"}),
    ],
)
def test_who_is_asked_for_is_found_by_name(
    connection: psycopg.Connection, client: str, question: str, indexes: set[str]
) -> None:
    """Not among all that was filed since the last block."""
    unit, ask = QUESTIONS[question]
    _begin(connection, unit, question)
    rows = Explained(connection)
    ask(rows, client)
    assert indexes <= rows.indexes


def test_a_scan_is_seen(connection: psycopg.Connection) -> None:
    """What must read all is known to do so: this test would see it."""
    connection.execute("SET search_path = volumes_g1")
    rows = Explained(connection)
    rows.execute("SELECT count(*) FROM volume_entries WHERE measure = %(measure)s", {"measure": "sold"})
    assert rows.scanned == {"volume_entries", "volume_entries (any values)"}
