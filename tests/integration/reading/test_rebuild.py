"""A rebuild in ranges, side by side, is the rebuild of one range: rows, totals, and what is parked in which order."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from infra.kafka.partitioning import PARTITIONS
from infra.postgres.generations import OutdatedTables, use_generation
from infra.postgres.projection_store import PostgresProjectionStore
from infra.postgres.rebuild import Rebuilder
from infra.postgres.rows import PostgresRows
from projections.audit_history.queries import audit
from projections.catalogue import catalogue
from projections.decoding import EventReader
from projections.rebuild import RebuildMismatch
from tests.support.random_trade import opening, random_steps
from tests.support.reading import office
from tests.support.services import Database

ONE_RANGE = 10**9
TABLES = {
    "volumes": ("volume_entries", "client_party"),
    "trade_trail": ("trail_steps", "trail_labels", "client_party"),
    "audit_history": ("audit_links", "client_party"),
    "stream_search": ("search_words",),
}
# Which positions share a row is chance.
ALL_OF: Mapping[str, LiteralString] = {"audit_links": "SELECT subject, unnest(positions) FROM {}"}
# What folds may get wrong, one thing at a time, in what the last event of a table says.
DAMAGES: Mapping[str, tuple[str, Sequence[str]]] = {
    "volumes": (
        "volume_entries",
        (
            "DELETE FROM volume_entries WHERE {last}",
            "INSERT INTO volume_entries SELECT * FROM volume_entries WHERE {last}",
            "UPDATE volume_entries SET ng[1] = ng[1] + 1 WHERE {last}",
            "UPDATE volume_entries SET ng[2] = ng[2] + 1, ng[3] = ng[3] - 1 WHERE {last}",
            "UPDATE volume_entries SET elements[2] = 'Xx' WHERE {last}",
            "UPDATE volume_entries SET business_date = business_date + 1 WHERE {last}",
            "UPDATE volume_entries SET measure = 'lost' WHERE {last}",
            "UPDATE volume_entries SET client = client || '?' WHERE {last}",
            "UPDATE volume_entries SET exporter = exporter || '?' WHERE {last}",
            "UPDATE volume_entries SET destination = 'XX' WHERE {last}",
            "UPDATE volume_entries SET position = position - 1 WHERE {last}",
            "UPDATE client_party SET party = party || '?'",
        ),
    ),
    "trade_trail": (
        "trail_steps",
        (
            "DELETE FROM trail_steps WHERE {last}",
            "UPDATE trail_steps SET net_mg = net_mg + 1 WHERE {last}",
            "UPDATE trail_steps SET line_mg[1] = line_mg[1] + 1, net_mg = net_mg + 1 WHERE {last}",
            "UPDATE trail_steps SET line_nos[1] = line_nos[1] + 100 WHERE {last}",
            "UPDATE trail_steps SET line_nos = line_nos || 100::smallint WHERE {last}",
            "UPDATE trail_steps SET line_mg = line_mg || 1::bigint, net_mg = net_mg + 1 WHERE {last}",
            "UPDATE trail_steps SET line_nos = '{{}}', line_mg = '{{}}', net_mg = 0 WHERE {last}",
            "UPDATE trail_steps SET measure = 'lost' WHERE {last}",
            "UPDATE trail_steps SET sale = sale || '?' WHERE {last}",
            "UPDATE trail_steps SET client = client || '?' WHERE {last}",
            "UPDATE trail_steps SET shipment = coalesce(shipment, '') || '?' WHERE {last}",
            "UPDATE trail_steps SET business_date = business_date - 1 WHERE {last}",
            "UPDATE trail_steps SET ordinary = NOT ordinary WHERE {last}",
            "UPDATE trail_steps SET ordinary = true",
            "UPDATE trail_steps SET ordinary = false",
            "DELETE FROM client_party",
        ),
    ),
    "audit_history": (
        "audit_links",
        (
            "DELETE FROM audit_links WHERE {last}",
            "INSERT INTO audit_links SELECT * FROM audit_links WHERE {last}",
            "UPDATE audit_links SET subject = subject || '?' WHERE {last}",
            "UPDATE audit_links SET positions[1] = positions[1] - 1 WHERE {last}",
            "DELETE FROM client_party",
        ),
    ),
    "stream_search": (
        "search_words",
        (
            "DELETE FROM search_words WHERE {last}",
            "UPDATE search_words SET value = value || '?' WHERE {last}",
            "UPDATE search_words SET attribute = 'other' WHERE {last}",
            "UPDATE search_words SET stream = stream || '?' WHERE {last}",
        ),
    ),
}
# The type of a stream's first event is unknown; what follows it in the stream could be folded.
POISON = """
INSERT INTO lodestone.events SELECT %(head)s + n, %(stream)s, n, key, gen_random_uuid(),
    CASE WHEN n = 1 THEN 'sale.from_the_future' ELSE type END, schema_version, occurred_at, recorded_at, actor_name,
    actor_role, actor_organisation, gen_random_uuid(), correlation_id, causation_id, data
FROM lodestone.events, generate_series(1, 5) AS n
WHERE position = (SELECT min(position) FROM lodestone.events WHERE type = 'sale.recorded')
"""


def _filed(database: Database, *streams: str) -> None:
    with office(database) as opened:
        for step in [*opening(), *random_steps(Random(11))]:  # noqa: S311 - reproducible
            opened.file(step)
        head = opened.log.head()
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        for number, stream in enumerate(streams):
            admin.execute(POISON, {"head": head + 5 * number, "stream": stream})


def _rebuilt(database: Database, range_size: int, processes: int) -> tuple[Mapping[str, object], list[tuple[str, int]]]:
    """Give everything that a rebuild leaves, but for how totals and links are cut into rows."""
    seen: list[tuple[str, int]] = []
    with Rebuilder.connect(
        database.projector_url, catalogue(), PARTITIONS, range_size=range_size, processes=processes
    ) as rebuilder:
        checked = rebuilder.rebuild(list(catalogue()), lambda unit, done, _: seen.append((unit, done)))
    found: dict[str, object] = {"checked": checked}
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        for unit, generation in admin.execute("SELECT unit, generation FROM lodestone.read_models").fetchall():
            for table in TABLES[unit]:
                rows = admin.execute(
                    sql.SQL(ALL_OF.get(table, "SELECT * FROM {}")).format(
                        sql.Identifier(f"{unit}_g{generation}", table)
                    )
                ).fetchall()
                found[f"{unit}.{table}"] = sorted(rows, key=str)
        found["parked"] = admin.execute(
            "SELECT unit, stream, position, partition, code, message FROM lodestone.parked ORDER BY 1, 2, 3"
        ).fetchall()
    return found, seen


def test_ranges_side_by_side_leave_what_one_leaves(database: Database) -> None:
    """Also where a stream's first event cannot be folded and another range has folded those after it."""
    _filed(database, "sale/91999999MA20682835/poison", "sale/91999999MA20682835/venom")
    whole, _ = _rebuilt(database, ONE_RANGE, 1)
    parts, seen = _rebuilt(database, 3, 2)
    assert parts == whole
    parked = whole["parked"]
    assert isinstance(parked, list)
    codes = [row[4] for row in parked]
    assert codes == ["event.unknown_type", *["stream.parked"] * 4] * len(TABLES) * 2
    done = [count for unit, count in seen if unit == "volumes"]
    assert done == sorted(set(done))
    assert len(done) > 10


@pytest.mark.parametrize("unit", DAMAGES)
def test_what_the_checks_refuse_leaves_the_old_tables(database: Database, unit: str) -> None:
    """Folds that were wrong, each in one thing: the unit keeps its generation, and nothing is left of the new one."""
    _filed(database)
    table, damages = DAMAGES[unit]
    position = "first_position" if unit == "audit_history" else "position"
    for damage in damages:
        last = f"{position} = (SELECT max({position}) FROM {table})"  # noqa: S608 - constants
        projections = dict(catalogue())
        projections[unit] = _Damaged(projections[unit], damage.format(last=last))  # type: ignore[assignment]  # all that a rebuild asks of it
        with (
            Rebuilder.connect(database.projector_url, projections, PARTITIONS) as rebuilder,
            pytest.raises(RebuildMismatch, match=unit),
        ):
            rebuilder.rebuild([unit], lambda *_: None)
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            generation = admin.execute("SELECT generation FROM lodestone.read_models WHERE unit = %s", [unit])
            assert generation.fetchall() == [(1,)], damage
            assert admin.execute("SELECT FROM pg_namespace WHERE nspname = %s", [f"{unit}_g2"]).fetchall() == []


def test_tables_of_another_version_are_not_folded_into(database: Database) -> None:
    """A consumer names what to do, and starts once it is done."""
    _filed(database)
    _rebuilt(database, ONE_RANGE, 1)
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute("COMMENT ON SCHEMA trade_trail_g2 IS 'of another version'")
    with pytest.raises(OutdatedTables) as refused:
        PostgresProjectionStore.connect(database.projector_url, catalogue())
    assert refused.value.code == "read_model.outdated"
    assert "trade_trail" in str(refused.value)
    _rebuilt(database, ONE_RANGE, 1)
    PostgresProjectionStore.connect(database.projector_url, catalogue()).close()


class _Damaged:
    """The unit but for a damage that is done when the tables are full."""

    def __init__(self, unit: object, damage: str) -> None:
        self._unit = unit
        self._damage = damage

    def __getattr__(self, name: str) -> object:
        return getattr(self._unit, name)

    def indexes(self) -> str:
        """Do the damage, and make no index: a key would refuse what is there twice."""
        return self._damage


def test_what_is_parked_is_in_no_history(database: Database) -> None:
    """Neither that of its own stream, which the store finds, nor that of those whom it names."""
    exporter, poison = "exporter/91999999MA20682835", "sale/91999999MA20682835/poison"
    _filed(database, poison)
    parked = {position for _, _, position, *_ in _parked(_rebuilt(database, 3, 2)[0])}
    assert len(parked) == 5
    with psycopg.connect(database.admin_url) as admin:
        use_generation(admin, "audit_history")
        found = audit(PostgresRows(admin), EventReader(), [exporter, poison], max(parked))
    assert {row.stream for row in found} > {exporter}
    assert not parked & {row.position for row in found}
    assert poison not in {row.stream for row in found}


def _parked(left: Mapping[str, object]) -> list[tuple[str, str, int]]:
    rows = left["parked"]
    assert isinstance(rows, list)
    return [row for row in rows if row[0] == "audit_history"]
