"""What an import would say, without filing."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from application.checking import Checker
from application.filing import Filing, FilingAcceptable, FilingAccepted, FilingKnown, FilingOutcome, FilingRefused
from application.importing import Importer, Provenance
from domain.client.commands import RegisterClient
from domain.envelope import Actor
from domain.event import Frozen
from domain.exporter.commands import RegisterExporter
from domain.grade.commands import StateGrade
from domain.judging import CUSTOMS, EXPORTER, Source
from domain.sale.commands import RecordSale, SaleLineFiled
from infra.clock import SystemClock, UuidV7Ids
from infra.memory.event_log import InMemoryEventLog

USCC = "91999999MA20682835"


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


def _filing(kind: str, key: str, command: Frozen) -> Filing:
    return Filing(kind, key, command.model_dump(mode="json"), command)


def _filings(net_mg: int = 1, name: str = "Firm") -> list[Filing]:
    client = RegisterClient(
        exporter=USCC,
        client_ref="C",
        legal_name="One",
        country="DE",
        role="trader",
        lei=None,
        registry_no=None,
        end_use=None,
    )
    line = SaleLineFiled(
        line_no=1, grade="G", net_mg=net_mg, hs_code="850511", ppm=None, unit_price=None, currency=None
    )
    sale = RecordSale(exporter=USCC, contract_no="K", client_ref="C", signed_on=date(2025, 6, 1), lines=(line,))
    grade = StateGrade(grade="G", family="NdFeB", ppm={"Nd": 1}, effective_from=date(2021, 1, 1))
    exporter = RegisterExporter(uscc=USCC, name=name, customs_code=None, region="999999")
    return [
        _filing("exporters", USCC, exporter),
        _filing("clients", f"{USCC}/C", client),
        _filing("grades", "G/2021-01-01", grade),
        _filing("sales", f"{USCC}/K", sale),
    ]


def _check(log: InMemoryEventLog, filings: list[Filing], source: Source = EXPORTER) -> list[FilingOutcome]:
    """Check in two blocks."""
    checker = Checker(log, Noon(), source)
    return [*checker.file(filings[:2]), *checker.file(filings[2:])]


def test_each_is_judged_as_if_those_before_it_were_filed() -> None:
    """Across blocks; and nothing is recorded."""
    log = InMemoryEventLog(Noon())
    assert _check(log, _filings()) == [FilingAcceptable()] * 4
    assert log.head() == 0
    refused = _check(log, _filings()[3:])
    assert [each.code for each in refused if isinstance(each, FilingRefused)] == ["exporter.unknown"]


def test_what_would_be_refused_is_told_as_an_import_tells_it() -> None:
    """The same code, field and line; customs would be recorded."""
    log = InMemoryEventLog(Noon())
    refused = _check(log, _filings(net_mg=0))[3]
    assert isinstance(refused, FilingRefused)
    assert (refused.code, refused.field, refused.line_no) == ("mass.not_positive", "net_kg", 1)
    assert _check(log, _filings(net_mg=0), CUSTOMS)[3] == FilingAcceptable()


@pytest.mark.parametrize("twice", [True, False])
def test_what_is_known_is_told(*, twice: bool) -> None:
    """Filed before, or standing twice among what is checked."""
    log = InMemoryEventLog(Noon())
    filings = _filings()
    if twice:
        assert Checker(log, Noon(), EXPORTER).file([filings[0], filings[0]]) == [FilingAcceptable(), FilingKnown()]
    else:
        ids = UuidV7Ids(SystemClock())
        importer = Importer(log, Noon(), ids, Provenance(Actor("li", "exporter", ""), EXPORTER, UUID(int=1)))
        assert all(isinstance(each, FilingAccepted) for each in importer.file(filings))
        assert _check(log, filings) == [FilingKnown()] * 4


def test_what_is_too_large_is_told_and_leaves_no_trace() -> None:
    """An event of more than 4 MiB could not be appended."""
    log = InMemoryEventLog(Noon())
    large, *others = _filings(name="x" * 5_000_000)
    outcomes = _check(log, [large, *others])
    assert [each.code for each in outcomes if isinstance(each, FilingRefused)] == [
        "filing.too_large",
        "exporter.unknown",
        "exporter.unknown",
    ]
