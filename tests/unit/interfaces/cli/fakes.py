"""Stand-ins for what the commands call: they answer what they are told and remember what they were asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from projections.answers import Answer, NotYet, UnknownStream, Wait
from projections.audit_history.query import AuditRow
from projections.stream_search.query import FoundStream
from projections.trade_trail.query import Gap, GapQuery, Trail, TrailEdge, TrailNode, TrailQuery, Unexplained
from projections.volume_ledger.query import ExplainedEntry, Explanation, VolumeQuery, VolumeRow

SALE = "sale/91350200612033XXXX/A-1"
RECORDED = datetime(2025, 6, 10, 6, 30, tzinfo=UTC)
HOSTILE = "evil\x1b[2J\u202e"


class FakeReadSide:
    """Answers at position 7, lacking one parked stream."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def volumes(self, query: VolumeQuery, wait: Wait) -> Answer[list[VolumeRow]]:
        """Give one figure of one nanogram above 2^53."""
        self._note(query, wait)
        values = {"client": HOSTILE, "element": "Dy", "month": "2025-06", "destination": None, "exporter": "X"}
        row = VolumeRow(tuple(values.get(key, key) for key in query.by), "sold", 2**53 + 1)
        return Answer(7, (SALE,), [row])

    def explain(self, query: VolumeQuery, wait: Wait) -> Answer[Explanation]:
        """Give two entries."""
        self._note(query, wait)
        rows = tuple(
            ExplainedEntry(at, SALE, "sale.recorded", date(2025, 6, 10), RECORDED, ng) for at, ng in ((3, 5), (5, -2))
        )
        return Answer(7, (), Explanation(3, rows))

    def trail(self, query: TrailQuery, wait: Wait) -> Answer[Trail]:
        """Give one step, and one that is missing."""
        self._note(query, wait)
        return Answer(
            7,
            (),
            Trail(
                (TrailNode("exporter/X", HOSTILE), TrailNode(SALE, "A-1")),
                (TrailEdge("exporter/X", SALE, "sold", "1.500000", (3, 5)),),
                (Unexplained(SALE, "sold_not_shipped", "0.500000"),),
            ),
        )

    def audit(self, stream: str, wait: Wait) -> Answer[list[AuditRow]]:
        """Give one event with a violation, or say that the stream is not known."""
        self._note(stream, wait)
        if stream == "sale/unknown":
            raise UnknownStream(f"no event of {stream} is recorded")
        return Answer(
            7, (), [AuditRow(3, SALE, 1, "sale.recorded", RECORDED, RECORDED, "li", "1.5 kg sold", ("late",))]
        )

    def find(self, text: str, kind: str | None, wait: Wait) -> Answer[list[FoundStream]]:
        """Give one client."""
        self._note((text, kind), wait)
        return Answer(7, (SALE,), [FoundStream("client/X/1", HOSTILE, f"name: {HOSTILE}")])

    def gaps(self, query: GapQuery, wait: Wait) -> Answer[list[Gap]]:
        """Give a difference with its reason, and one without."""
        self._note(query, wait)
        found = [Gap(SALE, "received_difference", "1.750000", 12, "shortage")]
        return Answer(7, (SALE,), [*found, Gap("shipment/D", "shipped_not_received", "0.000001", None, None)])

    def status(self) -> Any:
        """Give a head, a relay and one read model."""
        model = SimpleNamespace(name="volumes", position=7, parked=1)
        return SimpleNamespace(head=9, relay_position=8, read_models=(model,))

    def _note(self, question: Any, wait: Wait) -> None:
        self.asked.append((question, wait))
        if wait.min_position > 7:
            raise NotYet("the answer is at 7")


@contextmanager
def entered(thing: Any) -> Iterator[Any]:
    """Give a thing as bootstrap's functions do."""
    yield thing
