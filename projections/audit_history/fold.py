"""How events come into the histories of those they touch."""

from collections.abc import Collection, Sequence

from domain.envelope import Envelope
from domain.event import Event
from domain.streams import exporter_stream
from projections.audit_history.differences import DIFFERENCES
from projections.audit_history.summaries import summary_of
from projections.client_party.differences import DIFFERENCES as PARTY_DIFFERENCES
from projections.client_party.fold import append_parties
from projections.copying import escaped
from projections.entries import signed_movements
from projections.ports import Rows
from projections.rows_alone import RowsAlone

_COLUMNS = ("subject", "position", "summary")


class AuditHistory(RowsAlone):
    """Links subjects to positions, each with a one-line summary."""

    name: str = "audit_history"
    read_models: Sequence[str] = ("audit_history",)
    folders = ("audit_history", "client_party")
    positions = (("audit_entries", "position"), ("client_party", "from_position"))

    def differences(self) -> Sequence[str]:
        """Give the questions that must find nothing; see ``projections.rebuild``."""
        return (*DIFFERENCES, *PARTY_DIFFERENCES)

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append a row for each event and each subject that it touches."""
        decoded = self._decoder.events(events)
        append_parties(rows, decoded)
        found = [line for envelope, event in decoded for line in entry_lines(envelope, event)]
        if found:
            found.sort()  # in key order, so that neighbours in the index are written one after another
            rows.copy_text("audit_entries", _COLUMNS, "".join(found))


def entry_lines(envelope: Envelope, event: Event) -> list[str]:
    """Give a row for each subject, as COPY reads it."""
    rest = f"\t{envelope.position}\t{escaped(summary_of(event))}\n"
    return [escaped(subject) + rest for subject in subjects_of(envelope.stream, event)]


def subjects_of(stream: str, event: Event) -> Collection[str]:
    """Give whose history an event belongs to: its stream, and the exporter and clients that it names."""
    exporter, client = getattr(event, "exporter", None), getattr(event, "client", None)
    subjects = {stream: None}
    if exporter is not None:
        subjects[exporter_stream(exporter)] = None
    if client is not None:
        subjects[client] = None
    for _, movement in signed_movements(event):
        if movement.exporter != exporter:
            subjects[exporter_stream(movement.exporter)] = None
        subjects[movement.client] = None
    return subjects
