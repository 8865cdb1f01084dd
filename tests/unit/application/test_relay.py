"""The relay: in order, chained by ``previous``, recorded, and sent again the same way after any failure."""

from collections.abc import Callable, Sequence
from threading import Event as Flag
from uuid import uuid4

import pytest

from application.ports import StoreUnavailable
from application.publishing import Advance, Mark, Origin, Outgoing, TopicRefused
from application.reading_ahead import ReadingAhead
from application.relay import Relay, RelayPace, is_export
from tests.support.consuming import LOG_ID
from tests.support.envelopes import an_event
from tests.support.messages import appended
from tests.support.relaying import MemoryAppended, MemoryPublications, MemoryPublisher, MemorySending

EVENTS = [
    an_event(1, "a"),
    an_event(2, "b", kind="shipment.exported"),
    an_event(3, "b", kind="sale.drawn"),
    an_event(4, "a", kind="shipment.exported"),
    an_event(5, "b", kind="shipment.voided"),
]
CHAIN = [(1, 1, 0), (0, 2, 0), (0, 3, 2), (1, 4, 1), (0, 5, 3)]
EXPORTS_CHAIN = [(0, 2, 0), (1, 4, 0), (0, 5, 2)]


class World:
    """A relay with everything around it, run until the log is idle."""

    def __init__(self) -> None:
        self.appended = MemoryAppended(EVENTS)
        self.publications = MemoryPublications()
        self.publisher = MemoryPublisher()
        self.when_idle: list[Callable[[], None]] = []

    def run(self, page_events: int = 2) -> None:
        """Run until nothing is left to do."""
        stop = Flag()

        def wait(timeout_s: float) -> None:
            assert timeout_s > 0
            if self.when_idle:
                self.when_idle.pop(0)()
            else:
                stop.set()

        self.appended.wait = wait  # type: ignore[method-assign]  # the end of the log ends the test
        relay = Relay(
            lambda: ReadingAhead(self.appended),
            lambda: self.publications,
            lambda: self.publisher,
            {"events": lambda _: True, "exports": is_export},
            RelayPace(page_events=page_events, identity_s=0.0, standby_s=0.01),
        )
        relay._backoff.next_s = lambda: 0.0  # type: ignore[method-assign]  # noqa: SLF001 - no waiting in a test
        relay.run(stop)

    def sent(self, topic: str = "events") -> list[tuple[int, int, int]]:
        """Give (partition, position, previous) of what was sent to a topic, in order."""
        return [_place(each) for each in self.publisher.sent if each.topic == topic]


def _place(message: Outgoing) -> tuple[int, int, int]:
    return message.partition, message.event.position, message.previous


def test_every_event_is_sent_in_order_and_chained() -> None:
    """Each message names the one before it in its partition; the exports form a chain of their own."""
    world = World()
    world.run()
    assert world.sent() == CHAIN
    assert world.sent("exports") == EXPORTS_CHAIN


def test_marks_and_publications_are_recorded() -> None:
    """What was acknowledged can be asked of the store."""
    world = World()
    world.run()
    assert world.publications.rows == {"events": Mark(5, "events#1"), "exports": Mark(5, "exports#1")}
    assert world.publications.published["events"] == {1: 1, 2: 0, 3: 0, 4: 1, 5: 0}
    assert world.publications.published["exports"] == {2: 0, 4: 1, 5: 0}


def test_a_new_relay_goes_on_from_the_mark() -> None:
    """Nothing is sent twice after a clean stop, and the chain goes on."""
    world = World()
    world.run()
    world.publisher.sent.clear()
    world.appended.events.append(an_event(6, "b"))
    world.run()
    assert world.sent() == [(0, 6, 5)]


def test_a_page_is_sent_before_the_one_before_it_is_confirmed() -> None:
    """One is on its way while the next is read; the last one is not waited with."""
    world = World()
    send = world.publisher.send
    steps: list[str] = []

    def send_and_note(messages: Sequence[Outgoing]) -> MemorySending:
        steps.append(f"send {messages[0].event.position}")
        confirm = send(messages).confirm

        def confirm_and_note(*, at_once: bool) -> None:
            steps.append(f"confirm {messages[0].event.position}{' at once' if at_once else ''}")
            confirm(at_once=at_once)

        sending = MemorySending(lambda: None)
        sending.confirm = confirm_and_note  # type: ignore[method-assign]  # every call is noted
        return sending

    world.publisher.send = send_and_note  # type: ignore[method-assign]  # every call is noted
    world.run()
    assert steps == ["send 1", "send 3", "confirm 1", "send 5", "confirm 3 at once", "confirm 5 at once"]


def test_a_stop_records_what_is_on_its_way() -> None:
    """So that nothing is sent twice after it."""
    world = World()
    stop = Flag()
    relay_of = world.publications.acquire

    def acquire() -> bool:
        stop.set()
        return relay_of()

    world.publications.acquire = acquire  # type: ignore[method-assign]  # told to stop when it begins
    Relay(
        lambda: world.appended,
        lambda: world.publications,
        lambda: world.publisher,
        {"events": lambda _: True},
        RelayPace(page_events=2),
    ).run(stop)
    assert world.sent() == CHAIN[:2]
    assert world.publications.rows == {"events": Mark(2, "events#1")}


@pytest.mark.parametrize("arrived", [0, 1, 3])
def test_a_failed_page_is_sent_again_with_the_same_chain(arrived: int) -> None:
    """Duplicates carry the ``previous`` that they carried before."""
    world = World()
    world.publisher.lose_after = [arrived]
    world.run(page_events=3)
    assert dict.fromkeys(world.sent()) == dict.fromkeys(CHAIN)
    assert sorted(set(world.sent())) == sorted(CHAIN)
    assert world.publications.rows["events"].position == 5


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_store_that_is_lost_while_a_page_is_recorded_is_waited_out(done: bool) -> None:  # noqa: FBT001 - a case of two
    """Whether or not it was recorded: the chain is the same, and each publication is recorded once."""
    world = World()
    advance = world.publications.advance
    losses = [done]

    def advance_and_be_lost(advances: Sequence[Advance]) -> bool:
        moves_on = any(each.publications for each in advances)
        if not (losses and moves_on):
            return advance(advances)
        if losses.pop():
            assert advance(advances)
        raise StoreUnavailable("the connection was lost")

    world.publications.advance = advance_and_be_lost  # type: ignore[method-assign]  # a database that is killed
    world.run()
    assert losses == []
    assert dict.fromkeys(world.sent()) == dict.fromkeys(CHAIN)
    assert len(world.sent()) == len(CHAIN) + (2 if done else 4), "the page after it was on its way already"
    assert world.publications.published["events"] == {1: 1, 2: 0, 3: 0, 4: 1, 5: 0}
    assert world.publications.rows["events"].position == 5


def test_a_topic_made_anew_is_filled_from_the_beginning() -> None:
    """While the publications stay as they were."""
    world = World()
    world.run()
    before = dict(world.publications.published["events"])
    world.publisher.sent.clear()
    world.publisher.generation = 2
    world.run()
    assert world.sent() == CHAIN
    assert world.sent("exports") == EXPORTS_CHAIN
    assert world.publications.published["events"] == before
    assert world.publications.rows["events"] == Mark(5, "events#2")


def test_a_topic_made_anew_while_the_relay_idles_is_noticed() -> None:
    """Nothing needs to be appended for it."""
    world = World()

    def remake() -> None:
        world.publisher.generation = 2
        world.publisher.sent.clear()

    world.when_idle = [remake]
    world.run()
    assert world.sent() == CHAIN


def test_a_page_sent_while_the_topic_was_remade_does_not_count() -> None:
    """It may have gone to either; all is sent again to the new one."""
    world = World()
    world.publisher.remake_after_pages = [0, 1]
    world.run()
    assert world.sent() == CHAIN
    assert world.publications.rows["events"] == Mark(5, "events#2")


def test_a_page_does_not_count_if_another_relay_moved_the_mark() -> None:
    """A relay that lost its lock without knowing changes nothing."""
    world = World()
    send = world.publisher.send
    moved: list[object] = []

    def send_and_be_overtaken(messages: Sequence[Outgoing]) -> MemorySending:
        sending = send(messages)
        if not moved:
            moved.append(messages)
            marks = world.publications.rows
            assert world.publications.advance(
                [
                    Advance("events", marks["events"], Mark(3, "events#1"), [(1, 1), (0, 2), (0, 3)]),
                    Advance("exports", marks["exports"], Mark(3, "exports#1"), [(0, 2)]),
                ]
            )
        return sending

    world.publisher.send = send_and_be_overtaken  # type: ignore[method-assign]  # a second relay
    world.run()
    assert set(world.sent()) == set(CHAIN), "what was on its way is sent again the same"
    assert world.publications.rows["events"] == Mark(5, "events#1")
    assert world.publications.published["events"] == {1: 1, 2: 0, 3: 0, 4: 1, 5: 0}


def test_a_second_relay_waits_for_the_lock() -> None:
    """It publishes nothing until the first is gone."""
    world = World()
    world.publications.locked = True
    stop, tries = Flag(), [0]

    def acquire() -> bool:
        tries[0] += 1
        if tries[0] == 3:
            stop.set()
        return False

    world.publications.acquire = acquire  # type: ignore[method-assign]  # count the tries
    Relay(
        lambda: world.appended,
        lambda: world.publications,
        lambda: world.publisher,
        {"events": lambda _: True},
        RelayPace(standby_s=0.01),
    ).run(stop)
    assert tries[0] == 3
    assert world.publisher.sent == []


@pytest.mark.parametrize(
    "origin",
    [Origin("events", uuid4(), 1), Origin("events", LOG_ID, 6), Origin("exports", None, 0)],
    ids=["another log", "beyond the head", "not an event"],
)
def test_another_logs_topic_is_refused(origin: Origin) -> None:
    """Loudly, before anything is sent."""
    world = World()
    world.publisher.found = [Origin("events", LOG_ID, 5), origin]
    with pytest.raises(TopicRefused) as refusal:
        world.run()
    assert refusal.value.code == "kafka.foreign_topic"
    assert world.publisher.sent == []


def test_the_public_feed_holds_exports_and_what_takes_them_back() -> None:
    """And nothing else."""
    kinds = ["shipment.exported", "shipment.voided", "shipment.corrected", "sale.recorded", "delivery.confirmed"]
    assert [each for each in kinds if is_export(appended(an_event(1, kind=each)))] == kinds[:3]
