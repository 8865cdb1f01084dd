"""What every store of read models promises to the consumer's loop: the PostgreSQL one, and the one of unit tests."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace

import psycopg
import pytest
from psycopg import sql

from consumers.ports import FOLLOWS_PARKED, ParkedEvent, Progress, ProjectionStore, Retry, Step
from domain.envelope import Envelope
from infra.postgres.generations import make_generation
from infra.postgres.parked_streams import ParkedStreams
from infra.postgres.projection_store import PostgresProjectionStore
from infra.postgres.rows import schema_of
from projections.ports import Rows
from tests.support.consuming import FakeProjection, MemoryStore
from tests.support.envelopes import an_event
from tests.support.services import Database

UNITS = ("volumes", "trade_trail")
START = Progress(0, 0, 1, None)


class NotingProjection(FakeProjection):
    """Notes the positions that it was given, in order."""

    def tables(self) -> str:
        """One table."""
        return "CREATE TABLE given (place bigint GENERATED ALWAYS AS IDENTITY, position bigint NOT NULL)"

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Note, doubles too."""
        rows.copy("given", ("position",), [(each.position,) for each in events])

    def apply_late(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Note the same."""
        self.apply(rows, events)


@dataclass(frozen=True)
class Kept:
    """A store and what lies in it."""

    store: ProjectionStore
    applied: Callable[[str], list[int]]
    ask_retry: Callable[[str], object]
    swap: Callable[[str], None]

    def row(self, unit: str = "volumes", partition: int = 0) -> Progress:
        """Give a position row."""
        return self.store.progress([unit], [partition])[unit, partition]

    def park(self, *positions: int) -> Progress:
        """Park events of the stream ``s`` in partition 0."""
        before = self.row()
        after = replace(before, last_position=positions[-1])
        assert self.store.commit([Step("volumes", 0, before, after, [], [_parked(each) for each in positions])])
        return after


def _parked(position: int, code: str = "event.unknown_type", stream: str = "s") -> ParkedEvent:
    return ParkedEvent(0, stream, position, code, "why")


def _step(before: Progress, *positions: int, unit: str = "volumes", partition: int = 0) -> Step:
    after = replace(before, next_offset=before.next_offset + 1, last_position=positions[-1], topic_id="topic")
    return Step(unit, partition, before, after, [an_event(each, "s") for each in positions], [])


def _retry(before: Progress, *applied: int, again: Sequence[ParkedEvent] = ()) -> Step:
    return Step("volumes", 0, before, before, [an_event(each, "s") for each in applied], again, unpark="s")


@pytest.fixture(params=["memory", "postgres"])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    """An empty store of each kind."""
    if request.param == "memory":
        memory = MemoryStore()
        yield Kept(
            memory, lambda unit: [each.position for each in memory.applied.get(unit, [])], memory.asked.add, memory.swap
        )
        return
    database: Database = request.getfixturevalue("database")
    projections = {unit: NotingProjection(unit) for unit in UNITS}
    with (
        closing(PostgresProjectionStore.connect(database.projector_url, projections)) as store,
        ParkedStreams.connect(database.projector_url) as parked,
        psycopg.connect(database.projector_url, autocommit=True) as projector,
    ):

        def applied(unit: str) -> list[int]:
            schema = sql.Identifier(schema_of(unit, store.progress([unit], [0])[unit, 0].generation))
            found = projector.execute(sql.SQL("SELECT position FROM {}.given ORDER BY place").format(schema))
            return [position for (position,) in found]

        def swap(unit: str) -> None:
            generation = store.progress([unit], [0])[unit, 0].generation + 1
            with projector.transaction():
                make_generation(projector, projections[unit], generation)
                for table in ("progress", "read_models"):
                    name = sql.Identifier("lodestone", table)
                    raised = sql.SQL("UPDATE {} SET generation = %s WHERE unit = %s").format(name)
                    projector.execute(raised, (generation, unit))

        yield Kept(store, applied, parked.ask_retry, swap)


def test_rows_begin_at_zero_and_stay(kept: Kept) -> None:
    """One for each unit and partition, the same when asked again."""
    found = kept.store.progress(UNITS, [0, 7])
    assert found == dict.fromkeys([(unit, partition) for unit in UNITS for partition in (0, 7)], START)
    assert kept.store.progress(["volumes"], [7]) == {("volumes", 7): START}


def test_a_step_applies_and_moves_its_row(kept: Kept) -> None:
    """In the order in which the events stand, and only its own unit and partition."""
    before = kept.store.progress(UNITS, [0, 7])
    assert kept.store.commit([_step(START, 1, 4), _step(START, 3, partition=7)])
    assert sorted(kept.applied("volumes")) == [1, 3, 4]
    assert kept.applied("trade_trail") == []
    assert kept.row() == Progress(1, 4, 1, "topic")
    assert kept.row(partition=7) == Progress(1, 3, 1, "topic")
    assert kept.row("trade_trail") == before["trade_trail", 0]


def test_what_is_prepared_is_done_when_it_is_committed(kept: Kept) -> None:
    """In any thread and once; a batch may be prepared before the one that it follows is committed."""
    first, second = _step(START, 1), _step(_step(START, 1).after, 4)
    commits = [kept.store.prepare([each]) for each in (first, second)]
    assert (kept.row(), kept.applied("volumes")) == (START, [])
    assert not commits[1]()
    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(commits[0]).result()
    assert kept.store.prepare([second])()
    assert (kept.row(), kept.applied("volumes")) == (second.after, [1, 4])


@pytest.mark.parametrize(
    "wrong",
    [Progress(1, 0, 1, None), Progress(0, 1, 1, None), Progress(0, 0, 2, None), Progress(0, 0, 1, "other")],
    ids=["offset", "position", "generation", "topic"],
)
def test_whatever_of_a_row_is_not_as_expected_undoes_everything(kept: Kept, wrong: Progress) -> None:
    """Also what other steps of the commit did, in other units and partitions."""
    kept.store.progress(UNITS, [0, 7])
    steps = [_step(START, 1), _step(wrong, 2, partition=7), _step(START, 1, unit="trade_trail")]
    assert not kept.store.commit(steps)
    assert [kept.applied(unit) for unit in UNITS] == [[], []]
    assert {kept.row(unit, partition) for unit in UNITS for partition in (0, 7)} == {START}


def test_a_commit_that_was_done_is_not_done_again(kept: Kept) -> None:
    """As somebody does who did not hear of it."""
    kept.store.progress(UNITS, [0])
    step = _step(START, 1, 4)
    assert [kept.store.commit([step]), kept.store.commit([step])] == [True, False]
    assert kept.applied("volumes") == [1, 4]


def test_a_swap_fences_what_was_decided_before_it(kept: Kept) -> None:
    """And what comes after it goes into the new tables alone."""
    kept.store.progress(UNITS, [0])
    assert kept.store.commit([_step(START, 1)])
    before = kept.row()
    kept.swap("volumes")
    assert not kept.store.commit([_step(before, 4)])
    assert kept.row() == replace(before, generation=2)
    assert kept.store.commit([_step(kept.row(), 4)])
    assert kept.applied("volumes")[-1:] == [4]


def test_parked_streams_are_those_of_their_unit_and_partition(kept: Kept) -> None:
    """And of the present generation: a swap takes the others away."""
    kept.store.progress(UNITS, [0])
    kept.park(1, 6)
    found = kept.store.parked_streams(UNITS, [0, 7])
    assert {unit: set(streams) for unit, streams in found.items()} == {"volumes": {"s"}, "trade_trail": set()}
    assert not kept.store.parked_streams(UNITS, [7])["volumes"]
    kept.swap("volumes")
    assert not kept.store.parked_streams(UNITS, [0])["volumes"]


def test_a_retry_is_asked_for_with_every_parked_position(kept: Kept) -> None:
    """In order; for nobody else's partitions; not before it is asked for, nor after a swap."""
    kept.store.progress(UNITS, [0])
    kept.park(1, 6)
    assert list(kept.store.retries(UNITS, [0])) == []
    kept.ask_retry("s")
    assert list(kept.store.retries(UNITS, [0])) == [Retry("volumes", 0, "s", (1, 6))]
    assert list(kept.store.retries(UNITS, [7])) == []
    assert list(kept.store.retries(["trade_trail"], [0])) == []
    kept.park(9)
    assert [list(each.positions) for each in kept.store.retries(UNITS, [0])] == [[1, 6, 9]]
    kept.swap("volumes")
    assert list(kept.store.retries(UNITS, [0])) == []


def test_a_retry_applies_and_opens_the_stream(kept: Kept) -> None:
    """The row stays as it is."""
    kept.store.progress(UNITS, [0])
    after = kept.park(1, 6)
    kept.ask_retry("s")
    assert kept.store.commit([_retry(after, 1, 6)])
    assert kept.applied("volumes") == [1, 6]
    assert kept.row() == after
    assert not kept.store.parked_streams(UNITS, [0])["volumes"]


def test_a_retry_in_vain_parks_the_rest_and_is_not_asked_for_any_more(kept: Kept) -> None:
    """Until somebody asks again."""
    kept.store.progress(UNITS, [0])
    after = kept.park(1, 6)
    kept.ask_retry("s")
    assert kept.store.commit([_retry(after, 1, again=[_parked(6, "event.malformed")])])
    assert kept.applied("volumes") == [1]
    assert list(kept.store.retries(UNITS, [0])) == []
    kept.ask_retry("s")
    assert list(kept.store.retries(UNITS, [0])) == [Retry("volumes", 0, "s", (6,))]


def test_two_who_retry_apply_once(kept: Kept) -> None:
    """The row is the same before and after, so the parked events tell the second one that it comes too late."""
    kept.store.progress(UNITS, [0])
    after = kept.park(1, 6)
    kept.ask_retry("s")
    assert kept.store.commit([_retry(after, 1, 6)])
    assert not kept.store.commit([_retry(after, 1, 6)])
    assert kept.applied("volumes") == [1, 6]


def test_nothing_follows_a_stream_that_a_retry_has_opened(kept: Kept) -> None:
    """The row does not tell: whoever thinks that the stream is still parked reloads what is."""
    kept.store.progress(UNITS, [0])
    before = kept.park(1, 6)
    after = replace(before, last_position=9)
    follows = Step("volumes", 0, before, after, [], [_parked(9, FOLLOWS_PARKED)])
    assert kept.store.commit([_retry(before, 1, 6)])
    assert not kept.store.commit([follows])
    assert kept.row() == before
    assert not kept.store.parked_streams(UNITS, [0])["volumes"]
    poisoned = Step("volumes", 0, before, after, [], [_parked(8), _parked(9, FOLLOWS_PARKED)])
    assert kept.store.commit([poisoned])
    last = Step("volumes", 0, after, replace(after, last_position=12), [], [_parked(12, FOLLOWS_PARKED)])
    assert kept.store.commit([last])
    kept.ask_retry("s")
    assert [list(each.positions) for each in kept.store.retries(UNITS, [0])] == [[8, 9, 12]]


def test_a_retry_that_knows_less_than_is_parked_changes_nothing(kept: Kept) -> None:
    """Another one parked the rest again, meanwhile."""
    kept.store.progress(UNITS, [0])
    after = kept.park(1, 6)
    assert kept.store.commit([_retry(after, 1, again=[_parked(6)])])
    assert not kept.store.commit([_retry(after, 1, 6)])
    assert kept.applied("volumes") == [1]
    assert set(kept.store.parked_streams(UNITS, [0])["volumes"]) == {"s"}
