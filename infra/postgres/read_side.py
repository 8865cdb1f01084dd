"""Every question to the read models, each answered in one snapshot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypeVar

from psycopg_pool import ConnectionPool

from infra.postgres.connections import open_pool
from infra.postgres.rows import PostgresRows
from infra.postgres.snapshots import Asked, SnapshotReader, for_questions, retrying_swaps
from projections.answers import Answer, UnknownStream, Wait
from projections.audit_history.queries import audit
from projections.audit_history.query import AuditRow
from projections.catalogue import catalogue
from projections.client_party.queries import clients_of, is_party
from projections.client_volumes import queries as client_volumes
from projections.cut import cut
from projections.decoding import EventReader
from projections.element_volumes import queries as element_volumes
from projections.named import refuse_unknown
from projections.stream_search.queries import find
from projections.stream_search.query import FoundStream
from projections.trade_trail.gaps import gaps
from projections.trade_trail.queries import trail
from projections.trade_trail.query import Gap, GapQuery, Trail, TrailQuery
from projections.volume_ledger.queries import explain
from projections.volume_ledger.query import Explanation, VolumeQuery, VolumeRow

T = TypeVar("T")
_PARKED = """
SELECT k.unit, k.stream, k.position, k.code, k.message, k.parked_at, k.retry_asked
FROM lodestone.parked k JOIN lodestone.read_models m ON m.unit = k.unit AND m.generation = k.generation
ORDER BY k.unit, k.position
"""
_MARK = "SELECT coalesce(max(position), 0) FROM lodestone.relay_marks WHERE topic = %s"


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """An event that was not applied to a unit, with the reason."""

    unit: str
    stream: str
    position: int
    code: str
    message: str
    parked_at: datetime
    retry_asked: bool


@dataclass(frozen=True, slots=True)
class ReadModelStatus:
    """How far a unit is: the position of its answers, and how many streams are parked."""

    name: str
    position: int
    parked: int


@dataclass(frozen=True, slots=True)
class Status:
    """How far everything is."""

    head: int
    relay_position: int
    read_models: tuple[ReadModelStatus, ...]


class ReadSide:
    """Answers questions as the reader role; safe to share between threads.

    Args:
        pool: connections of the reader; closed with this.
        topic: the events topic.
        partitions: how many it has.
    """

    def __init__(self, pool: ConnectionPool, topic: str, partitions: int) -> None:
        self._pool = pool
        self._topic = topic
        self._partitions = partitions
        self._reader = SnapshotReader(pool, topic, partitions)
        self._events = EventReader()

    @classmethod
    def connect(cls, url: str, topic: str, partitions: int) -> Self:
        """Open by the reader's URL (errors as ``connections.connect``)."""
        return cls(open_pool(url, configure=for_questions), topic, partitions)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def volumes(self, query: VolumeQuery, wait: Wait) -> Answer[list[VolumeRow]]:
        """Give exact figures, one row for each group and measure.

        Raises:
            UnknownStream: ``stream.unknown``, for a client, exporter or party that is named and not known.
            NotYet: ``position.not_yet``.
            TimeNotCome: ``time.in_future``.
        """
        figures = element_volumes.volumes if element_volumes.can_answer(query) else client_volumes.volumes

        def ask(rows: PostgresRows, position: int) -> list[VolumeRow]:
            found = figures(rows, query, position)
            refuse_unknown(rows, query, position, has_volumes=bool(found))
            return found

        # Who a party was is read in order.
        return self._answer(replace(self._of_volumes(query, wait), adds_up=not query.parties), ask)

    def explain(self, query: VolumeQuery, wait: Wait) -> Answer[Explanation]:
        """Give the ledger entries behind one figure (errors as ``volumes``)."""

        def ask(rows: PostgresRows, position: int) -> Explanation:
            found = explain(rows, query, position)
            refuse_unknown(rows, query, position, has_volumes=found.ng != 0)
            return found

        return self._answer(self._of_volumes(query, wait), ask)

    def trail(self, query: TrailQuery, wait: Wait) -> Answer[Trail]:
        """Give who sold what to whom, from a stream or a party.

        Raises:
            UnknownStream: ``stream.unknown``.
            QueryRefused: ``query.not_a_trail``.
            NotYet: ``position.not_yet``.
        """
        asked = Asked(
            "trade_trail", wait, self._known_at(query.as_known_at), _exporters([query.subject]), _stream(query.subject)
        )
        return self._answer(asked, lambda rows, position: trail(rows, query, position))

    def gaps(self, query: GapQuery, wait: Wait) -> Answer[list[Gap]]:
        """Give what was sold, shipped and received and does not match (errors as ``volumes``)."""
        asked = Asked("trade_trail", wait, exporters=_named_exporters(query))
        return self._answer(asked, lambda rows, position: gaps(rows, query, position))

    def audit(self, subject: str, wait: Wait) -> Answer[list[AuditRow]]:
        """Give the full history of a stream or a party, oldest first (errors as ``trail``)."""

        def ask(rows: PostgresRows, position: int) -> list[AuditRow]:
            subjects = clients_of(rows, subject, position) if is_party(subject) else [subject]
            if not subjects:
                raise UnknownStream(f"no client is known to be {subject} up to position {position}")
            return audit(rows, self._events, subjects, position)

        asked = Asked("audit_history", wait, exporters=_exporters([subject]), stream=_stream(subject))
        return self._answer(asked, ask)

    def find(self, text: str, kind: str | None, wait: Wait) -> Answer[list[FoundStream]]:
        """Give the streams in which a text is found literally; of one kind only, if given.

        Raises:
            NotYet: ``position.not_yet``.
        """
        asked = Asked("stream_search", wait)
        return self._answer(asked, lambda rows, position: find(rows, text, kind, position))

    def status(self) -> Status:
        """Give how far everything is, in one snapshot."""
        with self._reader.snapshot() as rows:
            head = rows.execute("SELECT coalesce(max(position), 0) FROM lodestone.events")[0][0]
            relay = rows.execute(_MARK, (self._topic,))[0][0]
            parked_of = dict(
                rows.execute(f"SELECT unit, count(DISTINCT stream) FROM ({_PARKED}) k GROUP BY unit")  # noqa: S608 - only constants of ours are put in; values are bound
            )
            models = tuple(
                ReadModelStatus(unit, cut(rows, unit, self._topic, self._partitions), int(parked_of.get(unit, 0)))
                for unit in catalogue()
            )
        return Status(head=int(head), relay_position=int(relay), read_models=models)

    def ready(self) -> bool:
        """Tell whether everything recorded so far can be read."""
        with self._reader.snapshot() as rows:
            head = rows.execute("SELECT coalesce(max(position), 0) FROM lodestone.events")[0][0]
            begun = dict(rows.execute("SELECT unit, count(*) FROM lodestone.progress GROUP BY unit"))
            return all(
                begun.get(unit) == self._partitions and cut(rows, unit, self._topic, self._partitions) >= head
                for unit in catalogue()
            )

    def parked_list(self) -> list[ParkedRow]:
        """Give every parked event, by unit and position."""
        with self._reader.snapshot() as rows:
            return [ParkedRow(*row) for row in rows.execute(_PARKED)]

    def position_at(self, time: datetime) -> int:
        """Give the last position recorded up to a time.

        Raises:
            TimeNotCome: ``time.in_future``.
        """
        return self._reader.position_at(time)

    def _of_volumes(self, query: VolumeQuery, wait: Wait) -> Asked:
        return Asked("volumes", wait, self._known_at(query.as_known_at), _named_exporters(query))

    def _answer(self, asked: Asked, ask: Callable[[PostgresRows, int], T]) -> Answer[T]:
        return retrying_swaps(lambda: self._reader.answer(asked, ask))

    def _known_at(self, moment: int | datetime | None) -> int | None:
        return self.position_at(moment) if isinstance(moment, datetime) else moment


def _stream(subject: str) -> str | None:
    """Give the stream that a subject is, None for a party."""
    return None if is_party(subject) else subject


def _named_exporters(query: VolumeQuery | GapQuery) -> set[str] | None:
    named = [*(f"exporter/{each}" for each in query.exporters), *query.clients]
    return _exporters(named) if named else None


def _exporters(streams: list[str]) -> set[str] | None:
    """Give the exporters that streams belong to; None where a stream does not name its own."""
    parts = [each.split("/") for each in streams]
    if any(part[0] not in {"exporter", "client", "sale"} for part in parts):
        return None
    return {part[1] for part in parts if len(part) > 1}
