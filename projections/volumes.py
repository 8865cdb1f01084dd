"""The unit of ledger and totals: three read models that change together."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from domain.envelope import Envelope
from domain.event import Event
from projections.blocks import block_of
from projections.client_party.differences import DIFFERENCES as PARTY_DIFFERENCES
from projections.client_party.fold import append_parties
from projections.client_volumes.fold import add_to_clients
from projections.client_volumes.total import CLIENT_VOLUMES
from projections.ddl import indexes_of, tables_of
from projections.decoding import Decoder
from projections.element_volumes.fold import add_to_elements
from projections.element_volumes.total import ELEMENT_VOLUMES
from projections.entries import VolumeEntry, volume_entries
from projections.ports import Rows
from projections.settling import settle
from projections.volume_ledger.differences import DIFFERENCES
from projections.volume_ledger.fold import append_entries
from projections.volume_ledger.settled import lock, settled_blocks

_TOTALS = (ELEMENT_VOLUMES, CLIENT_VOLUMES)
_ADD: Mapping[str, Callable[[Rows, int, Iterable[VolumeEntry]], None]] = {
    ELEMENT_VOLUMES.name: add_to_elements,
    CLIENT_VOLUMES.name: add_to_clients,
}


class Volumes:
    """Folds every event that moves volume into the ledger, and who each client is; totals are settled from it."""

    name: str = "volumes"
    read_models: Sequence[str] = ("volume_ledger", "client_volumes", "element_volumes")

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def tables(self) -> str:
        """Give the unit's tables."""
        return tables_of(*self.read_models, "client_party")

    def indexes(self) -> str:
        """Give their indexes and keys."""
        return indexes_of(*self.read_models, "client_party")

    def differences(self) -> Sequence[str]:
        """Give the questions that must find nothing; see ``projections.rebuild``."""
        return (*DIFFERENCES, *PARTY_DIFFERENCES)

    def check(self, event: Envelope) -> None:
        """Raise ``Unprojectable`` if this event can never be folded."""
        self._decoder.event(event)

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append the entries of these events; totals follow when they are settled."""
        self._append(rows, self._decoder.events(events))

    def apply_late(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append them also to those blocks that were settled without them."""
        lock(rows)
        entries = self._append(rows, self._decoder.events(events))
        for total, levels in settled_blocks(rows).items():
            for level, blocks in levels.items():
                covered = [each for each in entries if block_of(each.position, level) < blocks]
                if covered:
                    _ADD[total](rows, level, covered)

    def settle(self, rows: Rows, cut: int) -> bool:
        """Write some blocks of totals that ``cut`` has passed; tell whether there were any."""
        return settle(rows, _TOTALS, cut)

    def _append(self, rows: Rows, decoded: Sequence[tuple[Envelope, Event]]) -> Sequence[VolumeEntry]:
        entries = [entry for envelope, event in decoded for entry in volume_entries(envelope, event)]
        append_parties(rows, decoded)
        if entries:
            append_entries(rows, entries)
        return entries
