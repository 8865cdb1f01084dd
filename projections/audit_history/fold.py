"""How events come into the histories of those they touch."""

from collections.abc import Collection, Iterator, Sequence
from itertools import count, takewhile

from domain.envelope import Envelope
from domain.event import Event
from domain.streams import exporter_stream
from projections.audit_history.differences import HELD, STATED
from projections.client_party.differences import HELD as PARTIES_HELD
from projections.client_party.differences import STATED as PARTIES_STATED
from projections.client_party.fold import append_parties
from projections.copying import escaped
from projections.ports import Rows
from projections.rows_alone import RowsAlone
from projections.stated import Stated

_COLUMNS = ("subject", "first_position", "positions")
# So that a row is never so long that the database puts it aside.
_MOST_OF_A_ROW = 128
_WITHDRAW = """
UPDATE audit_links SET positions = ARRAY(SELECT each FROM unnest(positions) AS each WHERE each <> ALL(%(gone)s))
WHERE positions && %(gone)s::bigint[]
"""


class AuditHistory(RowsAlone):
    """Links exporters and clients to the positions of events in other streams that name them."""

    name: str = "audit_history"
    read_models: Sequence[str] = ("audit_history",)
    folders = ("audit_history", "client_party")
    positions = (("client_party", "from_position"),)

    def stated(self) -> Sequence[Stated]:
        """Give what the events state of it; see ``projections.rebuild``."""
        return (*STATED, *PARTIES_STATED)

    def held(self) -> Sequence[str]:
        """Give what adds up what its tables hold."""
        return (*HELD, *PARTIES_HELD)

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append rows for those whom these events name."""
        decoded = self._decoder.events(events)
        append_parties(rows, decoded)
        links: dict[str, list[int]] = {}
        for envelope, event in decoded:
            for subject in named_by(envelope.stream, event):
                links.setdefault(subject, []).append(envelope.position)
        if links:
            # In key order, so that neighbours in the index are written one after another.
            rows.copy_text("audit_links", _COLUMNS, "".join(_lines(links[each], each) for each in sorted(links)))

    def withdraw(self, rows: Rows, positions: Sequence[int]) -> None:
        """Take the links to these events out."""
        super().withdraw(rows, positions)
        rows.execute(_WITHDRAW, {"gone": list(positions)})
        rows.execute("DELETE FROM audit_links WHERE positions = '{}'")


def _lines(positions: list[int], subject: str) -> str:
    positions.sort()
    parts = (positions[each : each + _MOST_OF_A_ROW] for each in count(0, _MOST_OF_A_ROW))
    before = escaped(subject)
    return "".join(f"{before}\t{part[0]}\t{{{','.join(map(str, part))}}}\n" for part in takewhile(bool, parts))


def named_by(stream: str, event: Event) -> Collection[str]:
    """Give whose history an event belongs to besides its stream's: the exporter and clients that it names."""
    subjects = dict.fromkeys(_named_by(event))
    subjects.pop(stream, None)
    return subjects


def _named_by(event: Event) -> Iterator[str]:
    exporter, client = getattr(event, "exporter", None), getattr(event, "client", None)
    if exporter is not None:
        yield exporter_stream(exporter)
    if client is not None:
        yield client
    # What it states itself is of these two; others can only be named by what it takes back or states anew.
    for movement in (*getattr(event, "reverses", ()), *getattr(event, "restated", ())):
        if movement.exporter != exporter:
            yield exporter_stream(movement.exporter)
        if movement.client != client:
            yield movement.client
