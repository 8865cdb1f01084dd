"""How events come into the histories of those they touch."""

from collections.abc import Sequence

from domain.envelope import Envelope
from domain.event import Event
from domain.streams import exporter_stream
from projections.audit_history.differences import DIFFERENCES
from projections.audit_history.summaries import summary_of
from projections.client_party.differences import DIFFERENCES as PARTY_DIFFERENCES
from projections.client_party.fold import append_parties
from projections.ddl import tables_of
from projections.decoding import Decoder
from projections.entries import signed_movements
from projections.ports import Rows

_COLUMNS = ("subject", "position", "summary")


class AuditHistory:
    """Links subjects to positions, each with a one-line summary."""

    name: str = "audit_history"
    read_models: Sequence[str] = ("audit_history",)

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def tables(self) -> str:
        """Give the DDL of the unit."""
        return tables_of(*self.read_models, "client_party")

    def differences(self) -> Sequence[str]:
        """Give the questions that must find nothing; see ``projections.rebuild``."""
        return (*DIFFERENCES, *PARTY_DIFFERENCES)

    def check(self, event: Envelope) -> None:
        """Raise ``Unprojectable`` if this event can never be folded."""
        self._decoder.event(event)

    def apply(self, rows: Rows, shard: int, events: Sequence[Envelope]) -> None:  # noqa: ARG002 - rows are only ever added, so writers never meet
        """Append a row for each event and each subject that it touches."""
        decoded = self._decoder.events(events)
        append_parties(rows, decoded)
        found = [
            (subject, envelope.position, summary)
            for envelope, event in decoded
            for summary in (summary_of(event),)
            for subject in subjects_of(envelope.stream, event)
        ]
        if found:
            rows.copy("audit_entries", _COLUMNS, found)


def subjects_of(stream: str, event: Event) -> list[str]:
    """Give whose history an event belongs to: its stream, and the exporter and clients that it names."""
    subjects = {stream: None}
    named = [(getattr(event, "exporter", None), getattr(event, "client", None))]
    named += [(movement.exporter, movement.client) for _, movement in signed_movements(event)]
    for exporter, client in named:
        if exporter is not None:
            subjects[exporter_stream(exporter)] = None
        if client is not None:
            subjects[client] = None
    return list(subjects)
