"""How the server is told to plan: what is added up is not sorted for it; what is read in order may be."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from infra.postgres import snapshots
from infra.postgres.rows import PostgresRows
from projections.answers import Wait
from projections.trade_trail.query import GapQuery, TrailQuery
from projections.volume_ledger.query import VolumeQuery
from tests.support.reading import Office
from tests.support.small_story import ONE

CLIENT, NOW = f"client/{ONE}/A", Wait()
SORTS = "SELECT current_setting('enable_sort')"
ADDS_UP: dict[str, Callable[[Office], object]] = {
    "everything": lambda told: told.reading.volumes(VolumeQuery(by=("party", "month")), NOW),
    "a client": lambda told: told.reading.volumes(VolumeQuery(by=("element",), clients=(CLIENT,)), NOW),
}
READS_IN_ORDER: dict[str, Callable[[Office], object]] = {
    "a party": lambda told: told.reading.volumes(VolumeQuery(parties=("DE:HRB 1/2",)), NOW),
    "a figure explained": lambda told: told.reading.explain(VolumeQuery(clients=(CLIENT,), measures=("sold",)), NOW),
    "a trail": lambda told: told.reading.trail(TrailQuery(CLIENT), NOW),
    "gaps": lambda told: told.reading.gaps(GapQuery(date(2025, 7, 1)), NOW),
    "a history": lambda told: told.reading.audit(CLIENT, NOW),
}


@pytest.fixture
def sorts(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the setting was whenever a question read something."""
    seen: set[str] = set()

    class Watched(PostgresRows):
        """Looks at the setting after each statement."""

        def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
            found = super().execute(sql, parameters)
            seen.add(super().execute(SORTS)[0][0])
            return found

    monkeypatch.setattr(snapshots, "PostgresRows", Watched)
    return seen


@pytest.mark.parametrize("question", ADDS_UP)
def test_what_only_adds_up_is_not_sorted(told: Office, sorts: set[str], question: str) -> None:
    """For its own transaction: whatever the connection is used for next is planned as ever."""
    ADDS_UP[question](told)
    assert sorts == {"off"}
    sorts.clear()
    told.reading.status()
    assert sorts == {"on"}


@pytest.mark.parametrize("question", READS_IN_ORDER)
def test_what_is_read_in_order_may_be_sorted(told: Office, sorts: set[str], question: str) -> None:
    """With sorting switched off the server would prefer whatever does without, at any cost."""
    READS_IN_ORDER[question](told)
    assert sorts == {"on"}
