"""The unit of ledger and totals: three read models that change together."""

from collections.abc import Sequence

from domain.envelope import Envelope
from projections.blocks import size_of
from projections.client_party.differences import HELD as PARTIES_HELD
from projections.client_party.differences import STATED as PARTIES_STATED
from projections.client_party.fold import append_parties
from projections.client_volumes.fold import ClientBlocks
from projections.client_volumes.total import CLIENT_VOLUMES
from projections.ddl import indexes_of, tables_of
from projections.decoding import Decoder
from projections.element_volumes.fold import ElementBlocks
from projections.element_volumes.total import ELEMENT_VOLUMES
from projections.entries import VolumeEntry, volume_entries
from projections.ports import Rows
from projections.settling import settle
from projections.stated import Stated
from projections.volume_ledger.differences import HELD, STATED
from projections.volume_ledger.fold import append_entries
from projections.volume_ledger.settled import lock, mark_settled, settled_blocks

_TOTALS = (ELEMENT_VOLUMES, CLIENT_VOLUMES)


def _blocks(total: str, level: int) -> ElementBlocks | ClientBlocks:
    return ElementBlocks(level) if total == ELEMENT_VOLUMES.name else ClientBlocks(level)


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

    def stated(self) -> Sequence[Stated]:
        """Give what the events state of it; see ``projections.rebuild``."""
        return (*STATED, *PARTIES_STATED)

    def held(self) -> Sequence[str]:
        """Give what adds up what its tables hold."""
        return (*HELD, *PARTIES_HELD)

    def check(self, event: Envelope) -> None:
        """Raise ``Unprojectable`` if this event can never be folded."""
        self._decoder.event(event)

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append the entries of these events; totals follow when they are settled."""
        self.append(rows, events)

    def apply_late(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append them also to those blocks that were settled without them."""
        lock(rows)
        entries = self.append(rows, events)
        for total, levels in settled_blocks(rows).items():
            for level, blocks in levels.items():
                if blocks:
                    late = _blocks(total, level)
                    late.add(entries)
                    late.write(rows, blocks)

    def settle(self, rows: Rows, cut: int) -> bool:
        """Write some blocks of totals that ``cut`` has passed; tell whether there were any."""
        return settle(rows, _TOTALS, cut)

    def filling(self) -> "VolumesFilling":
        """Fill new tables: the lowest blocks of totals are added up on the way."""
        return VolumesFilling(self)

    def filled(self, rows: Rows, head: int) -> None:
        """Note that the lowest blocks are settled; all others follow from them."""
        for total in _TOTALS:
            mark_settled(rows, total.name, total.lowest, head // size_of(total.lowest))

    def withdraw(self, rows: Rows, positions: Sequence[int]) -> None:
        """Take these events out; the lowest blocks are settled from the ledger that is left."""
        rows.execute("DELETE FROM volume_entries WHERE position = ANY(%s)", (list(positions),))
        rows.execute("DELETE FROM client_party WHERE from_position = ANY(%s)", (list(positions),))
        for total in _TOTALS:
            rows.execute(f"DELETE FROM {total.name}")  # noqa: S608 - the name of a table of ours; no value
            mark_settled(rows, total.name, total.lowest, 0)

    def append(self, rows: Rows, events: Sequence[Envelope]) -> Sequence[VolumeEntry]:
        """Append the entries of these events to the ledger, and give them."""
        decoded = self._decoder.events(events)
        entries = [entry for envelope, event in decoded for entry in volume_entries(envelope, event)]
        append_parties(rows, decoded)
        if entries:
            append_entries(rows, entries)
        return entries


class VolumesFilling:
    """Implements ``Filling``: ledger rows at once, blocks of totals when a range of positions is complete."""

    def __init__(self, volumes: Volumes) -> None:
        self._volumes = volumes
        self._totals = [(_blocks(total.name, total.lowest), size_of(total.lowest)) for total in _TOTALS]

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append the entries of these events, and add them up."""
        entries = self._volumes.append(rows, events)
        for total, _ in self._totals:
            total.add(entries)

    def complete(self, rows: Rows, head: int) -> None:
        """Write the blocks that the log fills."""
        for total, size in self._totals:
            total.write(rows, head // size)
