"""Holds what was computed against the totals of the deals: a fast wrong answer is no answer."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from bench.measuring.runs import SideFailed
from bench.trade.totals import Key, Totals
from infra import bootstrap
from infra.settings import Settings
from projections.answers import Wait
from projections.volume_ledger.query import VolumeQuery

_BY_HAND_CLIENTS = b"SELECT client, month, measure, element, ng FROM client_volumes"
_BY_HAND_ELEMENTS = b"SELECT destination, month, measure, element, ng FROM element_volumes"
_BY_HAND_ENTRIES = b"SELECT count(*) FROM volume_entries"
ExpectedVolumes = Mapping[tuple[str, ...], Mapping[tuple[object, ...], int]]


class WrongFigures(SideFailed):
    """What was measured computed something else than what was filed. ``bench.wrong_figures``."""

    code = "bench.wrong_figures"


def expected_volumes(totals: Totals) -> ExpectedVolumes:
    """Give what the product must answer: dimensions asked for -> (their keys, measure) -> ng."""
    return {
        ("client", "element"): _added(totals.clients, lambda key: key[3] is not None, lambda key: (key[0], key[3])),
        ("client",): _added(totals.clients, lambda key: key[3] is None, lambda key: (key[0],)),
        ("destination", "month", "element"): _added(
            totals.destinations, lambda key: key[3] is not None, lambda key: (key[0], key[1], key[3])
        ),
        ("destination", "month"): _added(totals.destinations, lambda key: key[3] is None, lambda key: key[:2]),
    }


def check_volumes(settings: Settings, expected: ExpectedVolumes) -> None:
    """Ask the product for its figures by client and by destination.

    Raises:
        WrongFigures: ``bench.wrong_figures``.
    """
    with bootstrap.read_side(settings) as reading:
        for dimensions, figures in expected.items():
            rows = reading.volumes(VolumeQuery(by=dimensions), Wait()).result
            _same(f"volumes by {', '.join(dimensions)}", {(*row.keys, row.measure): row.ng for row in rows}, figures)


def check_by_hand(url: str, totals: Totals) -> None:
    """Look into the tables that a baseline wrote (errors as ``check_volumes``)."""
    with psycopg.connect(url) as connection:
        clients = {tuple(row[:4]): int(row[4]) for row in connection.execute(_BY_HAND_CLIENTS)}
        elements = {tuple(row[:4]): int(row[4]) for row in connection.execute(_BY_HAND_ELEMENTS)}
        entries = connection.execute(_BY_HAND_ENTRIES).fetchone()
    _same("totals by client", clients, totals.clients)
    _same("totals by element", elements, totals.destinations)
    _same("rows of the ledger", {("rows",): int(entries[0]) if entries else 0}, {("rows",): totals.entries})


def check_count(what: str, found: int, expected: int) -> None:
    """Compare a number (errors as ``check_volumes``)."""
    _same(what, {(what,): found}, {(what,): expected})


def _same(what: str, found: Mapping[Any, int], expected: Mapping[Any, int]) -> None:
    if found == expected:
        return
    wrong = [key for key in {**found, **expected} if found.get(key, 0) != expected.get(key, 0)]
    if wrong:
        key = wrong[0]
        shown = f"{key}: {found.get(key, 0)}, not {expected.get(key, 0)}"
        raise WrongFigures(f"{what}: {len(wrong)} figures differ, such as {shown}")


def _added(
    figures: Mapping[Key, int], chosen: Callable[[Key], bool], name: Callable[[Key], tuple[object, ...]]
) -> Mapping[tuple[object, ...], int]:
    added: Counter[tuple[object, ...]] = Counter()
    for key, ng in figures.items():
        if chosen(key):
            added[*name(key), key[2]] += ng
    return dict(added)
