"""Trails of random trade are what its events say, told by a plain model that reads all of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from random import Random

import pytest

from domain.event import Movement
from domain.registry import decode
from projections.answers import UnknownStream, Wait
from projections.trade_trail.query import TrailQuery
from tests.support.random_trade import CLIENTS, EXPORTER, opening, random_steps
from tests.support.reading import Office, office
from tests.support.services import Database

# position, stream, sign, movement
Said = tuple[int, str, int, Movement]
Edges = dict[tuple[str, str, str], tuple[int, tuple[int, ...]]]


def _said(told: Office) -> list[Said]:
    said: list[Said] = []
    for each in told.log.read(0, 100_000):
        event = decode(each.type, each.schema_version, each.data)
        said += [(each.position, each.stream, -1, movement) for movement in getattr(event, "reverses", ())]
        said += [(each.position, each.stream, 1, movement) for movement in event.movements]
    return said


def _mg(sign: int, movement: Movement) -> int:
    return sign * sum(line.net_mg for line in movement.lines)


def _sale(movement: Movement) -> str:
    return f"sale/{movement.exporter}/{movement.contract_no}"


def _ends(stream: str, movement: Movement) -> Iterator[tuple[str, str, str]]:
    sale, client = _sale(movement), movement.client
    match movement.measure:
        case "sold":
            yield f"exporter/{movement.exporter}", "sold", sale
            yield sale, "sold_to", client
        case "cancelled":
            yield sale, "cancelled", client
        case "shipped":
            yield sale, "drawn", stream
            yield stream, "shipped", client
        case "received":
            yield stream, "received", client


def _expected(said: Sequence[Said], client: str, position: int) -> Edges:
    known = [each for each in said if each[0] <= position]
    part: Counter[tuple[str, str]] = Counter()
    for _, _, sign, movement in known:
        if movement.client == client:
            part[_sale(movement), movement.measure] += _mg(sign, movement)
    sales = {sale for (sale, _), mg in part.items() if mg}
    mg: Counter[tuple[str, str, str]] = Counter()
    places: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for place, stream, sign, movement in known:
        if _sale(movement) in sales:
            for edge in _ends(stream, movement):
                mg[edge] += _mg(sign, movement)
                places[edge].add(place)
    return {edge: (total, tuple(sorted(places[edge]))) for edge, total in mg.items() if total}


@contextmanager
def _traded(database: Database, seed: int) -> Iterator[Office]:
    """Open an office in which random trade is filed and folded."""
    with office(database) as told:
        random = Random(seed)  # noqa: S311 - reproducible
        for step in [*opening(), *random_steps(random), *random_steps(random)]:
            told.file(step)
        told.project()
        yield told


@pytest.mark.parametrize("seed", range(8))
def test_a_clients_trail_is_what_the_events_say(database: Database, seed: int) -> None:
    """Also where corrections and customs bring another client into a sale, and at former positions."""
    with _traded(database, seed) as told:
        said, head = _said(told), told.log.head()
        for client in (f"client/{EXPORTER}/{each}" for each in CLIENTS):
            for position in range(head // 3, head + 1, 2):
                try:
                    answer = told.reading.trail(TrailQuery(client, as_known_at=position), Wait())
                except UnknownStream:
                    continue
                found = {
                    (edge.source, edge.kind, edge.target): (int(edge.kg.replace(".", "")), edge.positions)
                    for edge in answer.result.edges
                }
                assert found == _expected(said, client, answer.position), (client, position)


@pytest.mark.parametrize("seed", range(4))
def test_the_nodes_of_a_trail_are_the_ends_of_its_edges(database: Database, seed: int) -> None:
    """The subject, then source and target of each edge, then in months what else is unexplained; each stream once."""
    with _traded(database, seed) as told:
        of_months = 0
        for query in _queries(told):
            found = told.reading.trail(query, Wait()).result
            streams = [query.subject, *chain.from_iterable((edge.source, edge.target) for edge in found.edges)]
            if query.from_month or query.subject.startswith("shipment/"):
                streams += [gap.stream for gap in found.unexplained]
                of_months += len(found.edges)
            assert [node.stream for node in found.nodes] == list(dict.fromkeys(streams)), query
        assert of_months


def _queries(told: Office) -> Iterator[TrailQuery]:
    subjects = {each.stream for each in told.log.read(0, 100_000) if not each.stream.startswith("grade/")}
    months = sorted({f"{movement.business_date:%Y-%m}" for _, _, _, movement in _said(told)})
    for subject in sorted(subjects):
        yield TrailQuery(subject)
        yield from (TrailQuery(subject, from_month=month, to_month=month) for month in months)


def test_random_trade_brings_several_clients_into_a_sale(database: Database) -> None:
    """The test above has something to see: trails in which a sale's client and a shipment's differ."""
    with office(database) as told:
        for seed in range(8):
            for step in [*opening(), *random_steps(Random(seed))]:  # noqa: S311 - reproducible
                told.file(step)
        clients: dict[str, set[str]] = defaultdict(set)
        for _, _, _, movement in _said(told):
            clients[_sale(movement)].add(movement.client)
    assert any(len(each) > 1 for each in clients.values())
