"""Filing block by block: the same answers as one by one, whoever files at the same time."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from application.filing import Filing, FilingAccepted, FilingKnown, FilingOutcome, FilingRefused
from application.importing import Importer, Provenance, TooManyConflicts
from application.ports import Accepted, EventTooLarge, Outcome, Submission
from domain.envelope import Actor, moment_of
from domain.event import Frozen
from domain.exporter.commands import RegisterExporter
from domain.grade.commands import StateGrade
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog

EXPORTERS = ("91999999MA20682835", "91999999MA7450422Y", "91999999MA37572919")
ME = Provenance(Actor("li.wei", "exporter", ""), "exporter", UUID(int=1))


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


class ContendedLog(InMemoryEventLog):
    """A log into which others file just before we do."""

    def __init__(self, others: Sequence[Callable[[], object]]) -> None:
        super().__init__(Noon())
        self.others = list(others)
        self.too_large = ""

    def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:  # noqa: ARG002 - the port
        """Let another one go first; refuse a batch with an event that is too large."""
        if any(each.stream == self.too_large for one in submissions for each in (new.event for new in one.events)):
            raise EventTooLarge("too large")
        if self.others:
            self.others.pop(0)()
        return super().append(submissions)


def _filing(command: Frozen, key: str) -> Filing:
    return Filing("tests", key, command.model_dump(mode="json"), command)


def _exporter(uscc: str, name: str = "Firm") -> Filing:
    return _filing(RegisterExporter(uscc=uscc, name=name, customs_code=None, region="999999"), uscc)


def _grade(day: str, ppm: int = 270_000) -> Filing:
    command = StateGrade(grade="N42", family="NdFeB", ppm={"Nd": ppm}, effective_from=date.fromisoformat(day))
    return _filing(command, f"N42/{day}")


def _importer(log: InMemoryEventLog) -> Importer:
    return Importer(log, Noon(), UuidV7Ids(SystemClock()), ME)


def _kinds(outcomes: Sequence[FilingOutcome]) -> list[type]:
    return [type(each) for each in outcomes]


def test_a_block_is_answered_in_its_order() -> None:
    """Accepted, refused and accepted; later filings build on earlier ones of the block."""
    log = InMemoryEventLog(Noon())
    outcomes = _importer(log).file([_grade("2021-01-01"), _exporter("91999999MA2068283X"), _grade("2022-01-01")])
    assert outcomes[0] == FilingAccepted(1, 1)
    assert isinstance(outcomes[1], FilingRefused)
    assert (outcomes[1].code, outcomes[1].field) == ("uscc.invalid", "uscc")
    assert outcomes[2] == FilingAccepted(2, 2)
    assert [event.type for event in log.read(0, 9)] == ["grade.defined", "grade.revised"]


def test_a_known_filing_adds_nothing() -> None:
    """By its content as filed; and by what is in force, though filed by others."""
    log = InMemoryEventLog(Noon())
    _importer(log).file([_exporter(EXPORTERS[0])])
    customs = Provenance(Actor("wang", "customs", ""), "customs", UUID(int=2))
    theirs = Importer(log, Noon(), UuidV7Ids(SystemClock()), customs).file([_exporter(EXPORTERS[0])])
    assert _kinds(_importer(log).file([_exporter(EXPORTERS[0])])) == [FilingKnown]
    assert _kinds(theirs) == [FilingKnown]
    assert log.head() == 1


def test_a_refused_filing_is_not_remembered() -> None:
    """Once what it relies on is there, it goes in."""
    log = InMemoryEventLog(Noon())
    early = _filing(_grade("2020-01-01").command, "N42/2020-01-01")
    assert _kinds(_importer(log).file([_grade("2021-01-01"), early])) == [FilingAccepted, FilingRefused]
    assert _kinds(_importer(log).file([early])) == [FilingRefused]
    assert log.head() == 1


def test_a_conflict_is_decided_again() -> None:
    """Somebody revised the grade between our reading and our appending: now the revision is not later."""
    log = ContendedLog([])
    _importer(log).file([_grade("2021-01-01")])
    log.others = [lambda: InMemoryEventLog.append(log, [_other(log, "2024-01-01")])]
    outcomes = _importer(log).file([_grade("2023-01-01"), _exporter(EXPORTERS[0])])
    assert isinstance(outcomes[0], FilingRefused)
    assert outcomes[0].code == "grade.revision_not_later"
    assert isinstance(outcomes[1], FilingAccepted)


def test_what_was_refused_beside_a_conflict_is_judged_again() -> None:
    """The second filing was refused because of the first, which then did not come to pass as decided."""
    log = ContendedLog([])
    log.others = [lambda: InMemoryEventLog.append(log, [_other(log, "2021-01-01", 270_000)])]
    # Ours would define the grade from 2024; theirs defines it from 2021, and both of ours revise it.
    outcomes = _importer(log).file([_grade("2024-01-01"), _grade("2021-01-01", 270_000)])
    assert _kinds(outcomes) == [FilingAccepted, FilingKnown]
    assert [event.type for event in log.read(0, 9)] == ["grade.defined", "grade.revised"]


def test_endless_conflicts_end() -> None:
    """With a code that says to file again."""
    log = ContendedLog([])
    days = iter(f"{year}-01-01" for year in range(1000, 2000))
    log.others = [lambda: InMemoryEventLog.append(log, [_other(log, next(days))])] * 500
    with pytest.raises(TooManyConflicts) as contended:
        _importer(log).file([_grade("2024-01-01")])
    assert contended.value.code == "filing.contended"


def test_an_event_that_is_too_large_is_refused_alone() -> None:
    """The rest of its block goes in."""
    log = ContendedLog([])
    log.too_large = f"exporter/{EXPORTERS[1]}"
    outcomes = _importer(log).file([_exporter(uscc) for uscc in EXPORTERS])
    assert _kinds(outcomes) == [FilingAccepted, FilingRefused, FilingAccepted]
    assert isinstance(outcomes[1], FilingRefused)
    assert outcomes[1].code == "filing.too_large"


def test_business_dates_become_times() -> None:
    """What has no business date happened when it was filed."""
    log = InMemoryEventLog(Noon())
    _importer(log).file([_exporter(EXPORTERS[0])])
    [event] = log.read(0, 9)
    assert moment_of(event.occurred_at) == Noon().now()
    assert event.actor == ME.actor
    assert event.correlation_id == str(ME.correlation_id)


def _other(log: InMemoryEventLog, day: str, ppm: int = 260_000) -> Submission:
    """What another importer would submit now."""
    caught: list[Submission] = []

    class Catching(InMemoryEventLog):
        def append(self, submissions: Sequence[Submission], timeout_s: float | None = None) -> Sequence[Outcome]:  # noqa: ARG002 - the port
            caught.extend(submissions)
            return [Accepted(1, 1)]

    catching = Catching(Noon())
    catching._events, catching._streams = log._events, log._streams  # noqa: SLF001 - the same log, but for its append
    _importer(catching).file([_grade(day, ppm)])
    return caught[0]
