"""The unit of ledger and totals: three read models that change together."""

from collections.abc import Sequence

from domain.envelope import Envelope
from projections.client_party.differences import DIFFERENCES as PARTY_DIFFERENCES
from projections.client_party.fold import append_parties
from projections.client_volumes.fold import add_to_clients
from projections.ddl import tables_of
from projections.decoding import Decoder
from projections.element_volumes.fold import add_to_elements
from projections.entries import volume_entries
from projections.ports import Rows
from projections.volume_ledger.differences import DIFFERENCES
from projections.volume_ledger.fold import append_entries


class Volumes:
    """Folds every event that moves volume, and who each client is."""

    name: str = "volumes"
    read_models: Sequence[str] = ("volume_ledger", "client_volumes", "element_volumes")

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

    def apply(self, rows: Rows, shard: int, events: Sequence[Envelope]) -> None:
        """Fold events into ledger and totals."""
        decoded = self._decoder.events(events)
        entries = [entry for envelope, event in decoded for entry in volume_entries(envelope, event)]
        append_parties(rows, decoded)
        if entries:
            append_entries(rows, entries)
            add_to_clients(rows, shard, entries)
            add_to_elements(rows, shard, entries)
