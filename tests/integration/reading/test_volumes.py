"""Random trade, filed into a real log and folded: every question equals a plain model of what is in force."""

from collections import Counter
from random import Random

import pytest

from application.filing import FilingAccepted
from projections.answers import Wait
from projections.volume_ledger.query import VolumeQuery
from tests.support.random_trade import Ledger, PlainTrade, opening, random_steps
from tests.support.reading import Office, office
from tests.support.services import Database

SEEDS = range(8)
BY = ("client", "destination", "element", "month")
NOW = Wait()
Months = Counter[tuple[str, str, str | None, str | None, str]]


def _by_month(ledger: Ledger) -> Months:
    months: Months = Counter()
    for (measure, client, destination, element, day), ng in ledger.items():
        months[measure, client, destination, element, day[:7]] += ng
    return Counter({key: ng for key, ng in months.items() if ng})


def _answer(opened: Office, position: int | None) -> Months:
    found: Months = Counter()
    for by in (BY, ("client", "destination", "month")):
        query = VolumeQuery(by=by, as_known_at=position)
        for row in opened.reading.volumes(query, NOW).result:
            named = dict(zip(by, row.keys, strict=True))
            key = (row.measure, str(named["client"]), named["destination"], named.get("element"), str(named["month"]))
            found[key] += row.ng
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_position_answers_what_was_in_force_then(database: Database, seed: int) -> None:
    """Nanogram for nanogram, elements and net mass, now and as known at the end of each filing."""
    model, known = PlainTrade(), {}
    with office(database) as opened:
        for step in [*opening(), *random_steps(Random(seed))]:  # noqa: S311 - reproducible
            outcome = opened.file(step)
            if isinstance(outcome, FilingAccepted):
                model.accept(step)
                known[outcome.last_position] = _by_month(model.in_force())
        checked = opened.project()
        assert set(checked.values()) == {opened.log.head()}
        assert _answer(opened, None) == _by_month(model.in_force())
        for position, expected in known.items():
            assert _answer(opened, position) == expected, f"as known at {position}"


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_explanations_sum_to_their_figures(database: Database, seed: int) -> None:
    """Each figure's entries, of every measure and client."""
    with office(database) as opened:
        for step in [*opening(), *random_steps(Random(seed))]:  # noqa: S311 - reproducible
            opened.file(step)
        opened.project()
        rows = opened.reading.volumes(VolumeQuery(by=("client", "element")), NOW).result
        assert rows
        for row in rows:
            client, element = (str(key) for key in row.keys)
            query = VolumeQuery(measures=(row.measure,), clients=(client,), elements=(element,))
            explained = opened.reading.explain(query, NOW).result
            assert sum(each.ng for each in explained.rows) == explained.ng == row.ng
