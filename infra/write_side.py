"""The composition root of what files: apart from the rest, so that an import need not load Kafka and read models."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from application.appending import GroupCommitAppender
from application.bulk import BulkImporter
from application.checking import Checker
from application.importing import Importer, Provenance
from domain.calendar import check_skew
from domain.judging import Source
from infra.clock import SystemClock, UuidV7Ids
from infra.postgres.block_log import PostgresBlockLog
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.store_time import read_store_time
from infra.settings import Settings


@contextmanager
def event_log(settings: Settings) -> Iterator[PostgresEventLog]:
    """Open the event log as the writer."""
    with PostgresEventLog.connect(settings.database_url("writer")) as log:
        yield log


def agreed_clock(settings: Settings) -> SystemClock:
    """Give this machine's clock, by which filings are judged, once the event store's agrees with it.

    Raises:
        TimeInFuture: ``time.in_future``, where it is more than 5 minutes ahead.
    """
    clock = SystemClock()
    check_skew(clock.now(), read_store_time(settings.database_url("writer")))
    return clock


@contextmanager
def importer(settings: Settings, provenance: Provenance) -> Iterator[tuple[Importer, PostgresEventLog]]:
    """Open an importer and the log that it files into (errors as ``agreed_clock``)."""
    clock = agreed_clock(settings)
    with event_log(settings) as log:
        yield Importer(log, clock, UuidV7Ids(clock), provenance), log


@contextmanager
def bulk_importer(settings: Settings, provenance: Provenance) -> Iterator[BulkImporter]:
    """Open what files blocks of many filings, on a connection of its own (errors as ``agreed_clock``)."""
    clock = agreed_clock(settings)
    with closing(PostgresBlockLog(settings.database_url("writer"))) as log:
        yield BulkImporter(log, clock, UuidV7Ids(clock), provenance)


@contextmanager
def appender(settings: Settings) -> Iterator[GroupCommitAppender]:
    """Open what appends the single commands of many threads."""
    with event_log(settings) as log, GroupCommitAppender(log) as appending:
        yield appending


@contextmanager
def checker(settings: Settings, source: Source) -> Iterator[tuple[Checker, PostgresEventLog]]:
    """Open a checker, and the log that it judges on (errors as ``agreed_clock``)."""
    clock = agreed_clock(settings)
    with event_log(settings) as log:
        yield Checker(log, clock, source), log
