"""The benchmark's trade: its events are ours to the byte, and its totals are what every fold makes of them."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from bench.peers.messages import entries_of
from bench.trade.deals import Deal, deals, ground
from bench.trade.events import StoredEvent, stored_events
from bench.trade.totals import Totals
from domain import registry
from domain.envelope import Envelope
from infra.kafka.cloudevents import encode
from projections.entries import volume_entries
from tests.support.envelopes import an_event

_SALES = 300
_LOG = UUID("11111111-2222-4333-8444-555555555555")


def events_of(some: Iterator[Deal]) -> list[StoredEvent]:
    """Give all events of some deals, in order."""
    return [event for deal in some for command in stored_events(deal) for event in command]


def trade() -> tuple[list[Envelope], Totals]:
    """Give the events of some deals in envelopes, and the totals of the same deals."""
    totals, envelopes = Totals(), []
    for deal in deals(ground(_SALES), _SALES):
        totals.add(deal)
    for position, event in enumerate(events_of(deals(ground(_SALES), _SALES)), start=1):
        place = an_event(position, event.stream, kind=event.type, key=event.key)
        envelopes.append(place._replace(data=event.data))
    return envelopes, totals


def test_events_are_written_as_the_registry_writes_them() -> None:
    """What is loaded directly is byte for byte what filing would have stored, under the same stream and key."""
    for event in events_of(islice(deals(ground(_SALES), _SALES), 50)):
        decoded = registry.decode(event.type, 1, event.data)
        assert registry.encode(decoded) == event.data
        assert (decoded.stream, decoded.key, decoded.business_date) == (event.stream, event.key, event.business_date)


def test_the_product_folds_to_the_totals() -> None:
    """Entries by client and by destination add up to what was computed from the deals."""
    envelopes, totals = trade()
    clients: Counter[object] = Counter()
    destinations: Counter[object] = Counter()
    entries = [
        entry
        for each in envelopes
        for entry in volume_entries(each, registry.decode(each.type, each.schema_version, each.data))
    ]
    for entry in entries:
        for element, ng in entry.ng.items():
            clients[entry.client, entry.month, entry.measure, element] += ng
            destinations[entry.destination, entry.month, entry.measure, element] += ng
    assert (clients, destinations, len(entries)) == (totals.clients, totals.destinations, totals.entries)


def test_the_peers_fold_to_the_totals() -> None:
    """What the baselines read from our messages adds up to the same."""
    envelopes, totals = trade()
    clients: Counter[object] = Counter()
    entries = entries_of(encode(each, 0, _LOG) for each in envelopes)
    for entry in entries:
        for element, ng in entry.ng.items():
            clients[entry.client, entry.month, entry.measure, element] += ng
    assert (clients, len(entries)) == (totals.clients, totals.entries)


def test_a_log_has_two_events_a_sale() -> None:
    """A million sales are two million events."""
    assert len(trade()[0]) == 2 * _SALES


def test_a_large_log_has_one_big_buyer() -> None:
    """Of a million sales one client has five thousand, and of twenty thousand of the same trade a hundred."""
    totals = Totals()
    for deal in deals(ground(1_000_000), 20_000):
        totals.add(deal)
    first, second = sorted(totals.sales.values(), reverse=True)[:2]
    assert (first, totals.sales[totals.big_buyer]) == (100, 100)
    assert second < first / 2


def test_deals_of_other_numbers_are_others() -> None:
    """Whoever adds to a log names another first number, and repeats none of its streams."""
    ground_of_all = ground(_SALES)
    streams = [{event.stream for event in events_of(deals(ground_of_all, 40, first))} for first in (0, 40, 10_000_000)]
    assert len(set.union(*streams)) == sum(map(len, streams))
