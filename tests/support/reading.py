"""Filings in a real log, folded into real read models without a broker: what every question needs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from application.filing import Filing, FilingOutcome
from application.importing import Importer, Provenance
from application.publishing import Advance, Mark
from domain.envelope import Actor
from domain.judging import CUSTOMS, EXPORTER
from infra.clock import SystemClock, UuidV7Ids
from infra.kafka.partitioning import PARTITIONS, partition_of
from infra.postgres.event_log import PostgresEventLog
from infra.postgres.publications import PostgresPublications
from infra.postgres.read_side import ReadSide
from infra.postgres.rebuild import Rebuilder
from interfaces.cli.formats.kinds import KINDS
from projections.catalogue import catalogue
from tests.support.random_trade import Row, Step
from tests.support.services import Database

TOPIC = "t.events"


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Give a noon in 2025."""
        return datetime(2025, 7, 1, 4, tzinfo=UTC)


class Office:
    """Files, and asks what was filed."""

    def __init__(self, database: Database, log: PostgresEventLog, reading: ReadSide) -> None:
        self.log = log
        self.reading = reading
        self._database = database
        self._published = 0
        ids = UuidV7Ids(SystemClock())
        self._desks = {
            source: Importer(log, Noon(), ids, Provenance(Actor("li.wei", source, ""), source, uuid4()))
            for source in (EXPORTER, CUSTOMS)
        }

    def file(self, step: Step) -> FilingOutcome:
        """File one filing as its source."""
        return self._desks[CUSTOMS if step.source == "customs" else EXPORTER].file([filing_of(step)])[0]

    def project(self) -> Mapping[str, int]:
        """Publish and fold all that was filed; give how many events each read model was checked with."""
        events = self.log.read(self._published, 100_000)
        placed = [(partition_of(each.key), each.position) for each in events]
        with closing(PostgresPublications.connect(self._database.relay_url, TOPIC, PARTITIONS)) as publications:
            before = publications.marks([TOPIC])[TOPIC]
            self._published = max(self.log.head(), 1)
            assert publications.advance([Advance(TOPIC, before, Mark(self._published, "id"), placed)])
        with Rebuilder.connect(self._database.projector_url, catalogue(), PARTITIONS) as rebuilder:
            return dict(rebuilder.rebuild(list(catalogue()), lambda *_: None))


@contextmanager
def office(database: Database) -> Iterator[Office]:
    """Open an office on a database."""
    with ExitStack() as opened:
        log = opened.enter_context(PostgresEventLog.connect(database.writer_url))
        reading = opened.enter_context(ReadSide.connect(database.reader_url, TOPIC, PARTITIONS))
        yield Office(database, log, reading)


def filing_of(step: Step) -> Filing:
    """Read a step's rows as an import does."""
    kind = KINDS[step.kind]
    command = kind.command([_values(step.kind, row) for row in step.rows])
    key = "/".join(step.rows[0][name] for name in kind.key)
    return Filing(kind.name, key, command.model_dump(mode="json"), command)


def steps(kind: str, *rows: Row, source: str = "exporter") -> Sequence[Step]:
    """Make a filing of each row."""
    return [Step(kind, source, (row,)) for row in rows]


def _values(kind: str, row: Row) -> dict[str, object]:
    return {
        column.name: column.read(text) if (text := row.get(column.name, "")) else None for column in KINDS[kind].columns
    }
