"""Whatever a broker and a database do to the messages, each event counts once, in the order of its stream."""

from collections.abc import Sequence
from threading import Event as Flag

from hypothesis import given
from hypothesis import strategies as st

from consumers.ports import Message
from consumers.runner import ConsumerPace, Runner
from domain.envelope import Envelope
from tests.support.consuming import FakeProjection, MemoryPublished, MemorySource, MemoryStore, chained
from tests.support.envelopes import an_event

STREAMS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=30)
FAILURES = st.lists(st.sampled_from(["", "", "before", "after"]), max_size=6)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Sequence[Envelope], Sequence[Message]]:
    """Draw a partition's events and what a broker makes of them: tails sent again, records lost."""
    events = [an_event(2 * n + 1, stream) for n, stream in enumerate(draw(STREAMS))]
    messages: list[Message] = []
    for start in [0, *draw(st.lists(st.integers(0, len(events)), max_size=4))]:
        messages += [each for each in chained(events)[start:] if draw(st.integers(0, 9)) > 0]
    numbered = [
        Message(0, offset, each.previous, each.source, each.event, b"", None) for offset, each in enumerate(messages)
    ]
    return events, numbered


@given(deliveries(), st.integers(1, 7), FAILURES, st.sets(st.integers(0, 60)), st.booleans())
def test_each_event_counts_once(
    delivery: tuple[Sequence[Envelope], Sequence[Message]],
    batch: int,
    failures: list[str],
    poison: set[int],
    overlap: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    """Whatever is lost or doubled, in batches in flight or not: one effect, and what is poison is parked."""
    events, messages = delivery
    published, store = MemoryPublished({0: events}), MemoryStore()
    store.failures = list(failures)
    projections = [FakeProjection("volumes", poison=poison), FakeProjection("trade_trail")]
    pace = ConsumerPace(max_records=batch, overlap_records=0 if overlap else 10**9)
    _consume(projections, MemorySource({0: messages}), store, published, pace)

    parked = [position for _, _, _, position, _ in store.parked]
    first_poison = {each.stream: each.position for each in reversed(events) if each.position in poison}
    aside = [each for each in events if each.position >= first_poison.get(each.stream, 10**9)]
    assert [each.position for each in store.applied.get("trade_trail", [])] == [each.position for each in events]
    assert parked == [each.position for each in aside]
    assert [each.position for each in store.applied.get("volumes", [])] == [
        each.position for each in events if each not in aside
    ]


def _consume(
    projections: Sequence[FakeProjection],
    source: MemorySource,
    store: MemoryStore,
    published: MemoryPublished,
    pace: ConsumerPace,
) -> None:
    """Run until nothing has come for long enough that everything overdue was read."""
    stop, clock = Flag(), [0.0]
    quiet_until = len(source.records[0]) * 3 + 60

    def before_poll() -> None:
        clock[0] += 1.0
        if clock[0] > quiet_until:
            stop.set()

    source.before_poll = before_poll
    runner = Runner(projections, lambda: source, store, published, pace=pace, clock=lambda: clock[0])
    runner._backoff = _NoDelay()  # type: ignore[assignment]  # noqa: SLF001 - a property test waits for nothing
    runner.run(stop)


class _NoDelay:
    def next_s(self) -> float:
        return 0.0

    def reset(self) -> None:
        pass
