"""`query-...`: the 99th percentile of questions to a large log, against one primary-key SELECT."""

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from random import Random
from time import perf_counter

from psycopg_pool import ConnectionPool

from bench.checks import check_count
from bench.lines import Line, Stage
from bench.logs import Log
from bench.measuring.meter import Meter
from bench.measuring.runs import Run, Side
from bench.work import Bench
from infra.kafka.partitioning import PARTITIONS
from infra.kafka.topics import Topics
from infra.postgres.connections import open_pool
from infra.postgres.read_side import ReadSide
from infra.postgres.snapshots import for_questions
from projections.answers import Wait
from projections.trade_trail.query import Trail, TrailQuery
from projections.volume_ledger.query import VolumeQuery

_BY_KEY = b"SELECT stream FROM lodestone.events WHERE position = %s"
_ELEMENT = "Dy"
_MONTHS = ("2022-06", "2024-05")
_MS = 1_000.0
Check = Callable[[], None]
# Asks, and gives what checks the answer: that is no part of what is timed.
Question = Callable[[Random], Check]


@contextmanager
def _sides(bench: Bench, _: Collection[str]) -> Iterator[Mapping[str, Side]]:
    log = bench.logs.many_rebuilt
    # One connection, so that every question and the baseline go the same way, prepared as the product's own are.
    with open_pool(log.settings.database_url("reader"), max_size=1, configure=for_questions) as pool:
        reading = ReadSide(pool, Topics(log.settings.topic_prefix).events, PARTITIONS)
        questions = {"by key": _by_key(pool, log), **_questions(reading, log)}
        yield {name: _side(bench, question, _asked(bench, name)) for name, question in questions.items()}


def _asked(bench: Bench, name: str) -> int:
    """Give how often a question is asked in a run; a trail is long."""
    return bench.scale.questions // 5 if name == "trail" else bench.scale.questions


def _questions(reading: ReadSide, log: Log) -> Mapping[str, Question]:
    known = _Known.of(log)

    def explain(random: Random) -> Check:
        client, month, ng = random.choice(known.sold)
        query = VolumeQuery(clients=(client,), measures=("sold",), from_month=month, to_month=month)
        found = reading.explain(query, Wait()).result
        return lambda: check_count("an explained figure", found.ng, ng)

    def one_element(random: Random, as_known_at: int | None = None) -> Check:
        query = VolumeQuery(
            by=("destination", "month"),
            elements=(random.choice(known.elements),),
            from_month=_MONTHS[0],
            to_month=_MONTHS[1],
            as_known_at=as_known_at,
        )
        return _answered(reading.volumes(query, Wait()).result)

    def client(random: Random) -> Check:
        query = VolumeQuery(by=("element", "month"), clients=(random.choice(known.sold)[0],))
        return _answered(reading.volumes(query, Wait()).result)

    def trail(_: Random) -> Check:
        found = reading.trail(TrailQuery(known.big_buyer), Wait()).result
        return lambda: _check_sales(found, log.totals.sales[known.big_buyer])

    return {
        "client": client,
        "element": one_element,
        "as known at": lambda random: one_element(random, log.events // 2),
        "trail": trail,
        "explain": explain,
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What can be asked about: (client, month, ng sold) each, the elements, and who buys most."""

    sold: list[tuple[str, str, int]]
    elements: list[str]
    big_buyer: str

    @classmethod
    def of(cls, log: Log) -> "_Known":
        figures = log.totals.clients.items()
        sold = [
            (client, month, ng)
            for (client, month, measure, element), ng in figures
            if measure == "sold" and element is None
        ]
        elements = sorted({element for (_, _, _, element), _ in figures if element is not None})
        return cls(sold, elements, log.totals.big_buyer)


def _by_key(pool: ConnectionPool, log: Log) -> Question:
    def ask(random: Random) -> Check:
        with pool.connection() as connection:
            return _answered(connection.execute(_BY_KEY, (random.randrange(1, log.events + 1),)).fetchall())

    return ask


def _side(bench: Bench, question: Question, asked: int) -> Side:
    random = Random(1)

    def run() -> Run:
        # Looked at before and after only: a thread that looks in between would be part of the slowest answers. So would
        # the collector be, if it went through what the benchmark keeps of its log.
        times, meter = [], Meter(bench.services.pids)
        with _left_alone():
            for _ in range(asked):
                begun = perf_counter()
                check = question(random)
                times.append(perf_counter() - begun)
                check()
                del check  # Its answer goes before the next one is timed.
        meter.look()
        times.sort()
        return Run(times[ceil(len(times) * 0.99) - 1] * _MS, meter.usage())

    return Side(run)


@contextmanager
def _left_alone() -> Iterator[None]:
    """Keep the collector away from what is there already."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _answered(rows: Sized) -> Check:
    """Look at how long an answer is, so that none is timed before it is made."""
    found = len(rows)
    return lambda: check_count("answers to a question that has one", min(found, 1), 1)


def _check_sales(found: Trail, sales: int) -> None:
    check_count("sales of a trail", sum(node.stream.startswith("sale/") for node in found.nodes), sales)
    check_count("what was sold of a trail", sum(edge.kind == "sold" for edge in found.edges), sales)


def _line(stage: str, side: str, times: int) -> Line:
    words = f"one primary-key SELECT, times {times}"
    return Line(stage, "ms", side, words, ["by key"], 1.0, factor=times)


STAGE = Stage(
    lines=[
        _line("query-client", "client", 20),
        _line("query-element-24-months", "element", 20),
        _line("query-as-known-at", "as known at", 40),
        _line("query-trail", "trail", 60),
        _line("query-explain", "explain", 20),
    ],
    sides=_sides,
)
