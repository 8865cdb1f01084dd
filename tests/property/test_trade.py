"""After any sequence of filings the ledger and the draws are what is in force, and nothing is taken back twice."""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from application.filing import Filing, FilingAccepted, FilingOutcome
from application.importing import Importer, Provenance
from domain import registry
from domain.envelope import Actor
from domain.judging import CUSTOMS, EXPORTER
from domain.sale.state import Sale
from domain.streams import sale_stream
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog
from interfaces.cli.formats.kinds import KINDS
from projections.entries import volume_entries
from tests.support.random_trade import CONTRACTS, Ledger, PlainTrade, Step, opening, random_steps
from tests.support.random_trade import EXPORTER as USCC

SEQUENCES = 2_000
BATCHES = 8


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


class Desks:
    """A log, and the two who file into it."""

    def __init__(self) -> None:
        self.log = InMemoryEventLog(Noon())
        ids = UuidV7Ids(SystemClock())
        self._desks = {
            source: Importer(self.log, Noon(), ids, Provenance(Actor("li.wei", source, ""), source, UUID(int=1)))
            for source in (EXPORTER, CUSTOMS)
        }

    def file(self, step: Step) -> FilingOutcome:
        """File one filing as its source."""
        kind = KINDS[step.kind]
        values = [
            {column.name: column.read(text) if (text := row.get(column.name, "")) else None for column in kind.columns}
            for row in step.rows
        ]
        command = kind.command(values)
        key = "/".join(step.rows[0][name] for name in kind.key)
        filing = Filing(kind.name, key, command.model_dump(mode="json"), command)
        return self._desks[CUSTOMS if step.source == "customs" else EXPORTER].file([filing])[0]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_ledger_is_what_is_in_force(batch: int) -> None:
    """For each measure, client, destination, element and business date, and each draw; 2,000 sequences in all."""
    accepted: Counter[str] = Counter()
    for seed in range(batch, SEQUENCES, BATCHES):
        desks, model = Desks(), PlainTrade()
        for step in [*opening(), *random_steps(Random(seed))]:  # noqa: S311 - reproducible
            if isinstance(desks.file(step), FilingAccepted):
                accepted[step.kind] += 1
                model.accept(step)
        assert _ledger(desks.log) == model.in_force(), f"seed {seed}"
        _assert_taken_back_once(desks.log, seed)
        for contract_no in CONTRACTS:
            assert _drawn(desks.log, contract_no) == model.draws(contract_no), f"seed {seed}"
    assert set(accepted) == {*KINDS}, "every kind was accepted now and then"


def _ledger(log: InMemoryEventLog) -> Ledger:
    ledger: Ledger = Counter()
    for envelope in log.read(0, log.head()):
        event = registry.decode(envelope.type, envelope.schema_version, envelope.data)
        for entry in volume_entries(envelope, event):
            for element, ng in entry.ng.items():
                ledger[entry.measure, entry.client, entry.destination, element, entry.business_date.isoformat()] += ng
    return Counter({key: ng for key, ng in ledger.items() if ng})


def _drawn(log: InMemoryEventLog, contract_no: str) -> dict[str, dict[int, int]]:
    stream = sale_stream(USCC, contract_no)
    sale = log.load([stream])[stream].state
    assert isinstance(sale, Sale)
    return {number: {each.line_no: each.net_mg for each in lines} for number, lines in sale.drawn.items()}


def _assert_taken_back_once(log: InMemoryEventLog, seed: int) -> None:
    """Every movement that is taken back stands at that moment, in the stream that takes it back."""
    standing: Counter[tuple[str, str]] = Counter()
    for envelope in log.read(0, log.head()):
        event = registry.decode(envelope.type, envelope.schema_version, envelope.data)
        for taken_back in getattr(event, "reverses", ()):
            standing[envelope.stream, taken_back.model_dump_json()] -= 1
        assert min(standing.values(), default=0) >= 0, f"seed {seed}, position {envelope.position}"
        for stated in event.movements:
            standing[envelope.stream, stated.model_dump_json()] += 1
