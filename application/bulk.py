"""Filing by blocks that are prepared side by side and take effect one after another: the answers of one by one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Event as Pause

from application.backoff import Backoff
from application.block_building import BlockIds, Draft, Part, PlainEvent, Prepared, build, split
from application.blocks import BlockAppended, BlockLog, BlockStale
from application.deciding import Decision, Overlay
from application.encoding import encode_event, encode_value
from application.filing import Filing, FilingAccepted, FilingKnown, FilingOutcome, FilingRefused
from application.handlers import handler_of
from application.importing import MAX_ATTEMPTS, Provenance, TooManyConflicts
from application.plain_sales import PlainSale, uuid5_bytes
from application.ports import MAX_DATA_BYTES, Clock, EventTooLarge, Loaded, StoreUnavailable
from application.sales_lane import SCHEMA_VERSION, TYPE, SalesLane
from domain.calendar import business_day_of, midnight
from domain.event import Event
from domain.streams import kind_of

# What trade relies on and seldom changes: kept between blocks, since a guard tells when it is no longer true.
_KEPT_KINDS = {"exporter", "client", "grade"}
_MOST_KEPT = 50_000
_ASKED_AGAIN = 6


@dataclass(frozen=True, slots=True)
class _Moment:
    """When a block is decided."""

    now: datetime
    today: date


class BulkImporter:
    """Files blocks in two steps, so that one can be prepared while another takes effect.

    ``prepare`` reads, decides and lays down; ``complete`` takes in and decides again what others have overtaken. Blocks
    that are completed one after another, in the order of the file, are answered as filing one by one would be.
    """

    def __init__(self, log: BlockLog, clock: Clock, ids: BlockIds, provenance: Provenance) -> None:
        self._log = log
        self._clock = clock
        self._ids = ids
        self._provenance = provenance
        self._source = provenance.source
        self._lane = SalesLane()
        self._kept: dict[str, Loaded] = {}
        # Most files are filed once: their contracts are looked up only when a block has met some that are known.
        self._takes_for_new = True

    def prepare(self, drafts: Sequence[Draft]) -> Prepared:
        """Decide a block on what is known now, and lay it down; nothing takes effect yet.

        Raises:
            StoreUnavailable: ``store.unavailable``.
        """
        ids = [self._command_id(each) for each in drafts]
        filed = self._filed(drafts, ids)
        overlay = self._loaded([each for each, key in zip(drafts, ids, strict=True) if key not in filed], filed)
        now = self._clock.now()
        moment = _Moment(now, business_day_of(now))
        parts: list[Part] = []
        known: set[bytes] = set(filed)
        for place, (draft, command_id) in enumerate(zip(drafts, ids, strict=True)):
            if command_id in known:
                parts.append(Part(place, command_id, (), (), (), FilingKnown()))
                continue
            part = self._decide(place, command_id, draft, overlay, moment)
            if part.events:
                known.add(command_id)
            parts.append(part)
        return self._laid_down(drafts, parts, overlay.loaded)

    def complete(self, prepared: Prepared) -> Sequence[FilingOutcome]:
        """Take a block in; one outcome for each of its drafts, in order.

        Raises:
            StoreUnavailable: ``store.unavailable``; file the block again.
            TooManyConflicts: ``filing.contended``; file the block again.
        """
        outcomes: dict[int, FilingOutcome] = {}
        self._settle(prepared, list(range(len(prepared.drafts))), outcomes, MAX_ATTEMPTS)
        return [outcomes[place] for place in range(len(prepared.drafts))]

    def _settle(
        self, prepared: Prepared, places: Sequence[int], outcomes: dict[int, FilingOutcome], attempts: int
    ) -> None:
        """Take in what stands and decide the rest again; ``places`` says where each draft's outcome belongs."""
        if not attempts:
            raise TooManyConflicts("the same streams keep being changed by others; file again")
        answer = self._append(prepared) if prepared.block.guards else BlockAppended(1, 0)
        self._forget(prepared, answer)
        if isinstance(answer, BlockAppended):
            _answer(prepared.parts, answer, places, outcomes)
            return
        self._takes_for_new = False
        stand, again = split(prepared.parts, answer)
        standing = self._laid_down(prepared.drafts, stand, prepared.versions)
        self._settle(standing, places, outcomes, attempts - 1)
        anew = self.prepare([prepared.drafts[part.place] for part in again])
        self._settle(anew, [places[part.place] for part in again], outcomes, attempts - 1)

    def _filed(self, drafts: Sequence[Draft], ids: Sequence[bytes]) -> Collection[bytes]:
        """Ask which commands are known; not of sales that are taken for new, where a guard would tell."""
        asked = [
            key
            for draft, key in zip(drafts, ids, strict=True)
            if not (self._takes_for_new and isinstance(draft, PlainSale))
        ]
        return self._log.filed(asked) if asked else ()

    def _loaded(self, drafts: Sequence[Draft], filed: Collection[bytes]) -> Overlay:
        overlay = Overlay()
        filings = [each for each in drafts if isinstance(each, Filing)]
        plain = [each for each in drafts if isinstance(each, PlainSale)]
        grades = {terms.shape for each in plain for terms, _ in each.lines}
        read = {shape.stream for shape in grades}.union(*[each.reads for each in {each.parties for each in plain}])
        own = [each.stream for each in plain]
        if self._takes_for_new:
            overlay.begin("sale", own)
        else:
            read.update(own)
        overlay.load(_Keeping(self._log, self._kept), filings, read)
        # Where all that was looked up is new after all, the next block is taken for new again.
        self._takes_for_new = not filed and (self._takes_for_new or not any(overlay.versions[each] for each in own))
        return overlay

    def _append(self, prepared: Prepared) -> BlockAppended | BlockStale:
        backoff, pause = Backoff(first_s=0.05, longest_s=2.0), Pause()
        for _ in range(_ASKED_AGAIN):
            try:
                return self._log.append_staged(prepared.block.block_id)
            except StoreUnavailable:
                # What became of it is unknown; the ledger of blocks knows.
                pause.wait(backoff.next_s())
        return self._log.append_staged(prepared.block.block_id)

    def _laid_down(self, drafts: Sequence[Draft], parts: Sequence[Part], versions: Mapping[str, int]) -> Prepared:
        block = build(parts, versions, self._provenance, self._ids)
        if block.guards:
            self._log.stage(block)
        return Prepared(block, drafts, parts, versions)

    def _command_id(self, draft: Draft) -> bytes:
        if isinstance(draft, PlainSale):
            return draft.command_id(self._source)
        return uuid5_bytes(encode_value([draft.kind, self._source, draft.key, draft.content]).decode())

    def _decide(self, place: int, command_id: bytes, draft: Draft, overlay: Overlay, moment: _Moment) -> Part:
        if isinstance(draft, PlainSale):
            fresh = not overlay.versions[draft.stream]
            data = self._lane.event_data(draft, overlay.states, moment.today) if fresh else None
            if data is not None and len(data) <= MAX_DATA_BYTES:
                stream, reads = draft.stream, draft.reads
                overlay.take_later(stream, TYPE, data)
                event = PlainEvent(stream, reads[1], TYPE, SCHEMA_VERSION, draft.day.begins, data)
                return Part(place, command_id, (*reads, stream), (stream,), (event,), None)
            draft = draft.filing()
        return self._decide_filing(place, command_id, draft, overlay, moment)

    def _decide_filing(self, place: int, command_id: bytes, filing: Filing, overlay: Overlay, moment: _Moment) -> Part:
        # What it needs may have grown by what was decided before it, or by having left the fast lane.
        overlay.load(_Keeping(self._log, self._kept), [filing])
        guards = list(dict.fromkeys(overlay.needs(filing)))
        only_reads = handler_of(filing.command).only_reads
        writes = [stream for stream in guards if kind_of(stream) not in only_reads]
        decision = overlay.decide(filing, moment.today, self._source)
        if not isinstance(decision, Decision):
            return Part(place, command_id, guards, writes, (), decision)
        events = [_plain(event, moment.now) for event in decision.events]
        large = next((event for event in events if len(event.data) > MAX_DATA_BYTES), None)
        if large is not None:
            message = f"an event of {large.stream} exceeds 4 MiB; file it in parts"
            return Part(place, command_id, guards, writes, (), FilingRefused(EventTooLarge.code, message, None, None))
        overlay.take(decision.events)
        return Part(place, command_id, guards, writes, events, None)

    def _forget(self, prepared: Prepared, answer: BlockAppended | BlockStale) -> None:
        changed = answer.streams if isinstance(answer, BlockStale) else prepared.block.streams
        for stream in changed:
            self._kept.pop(stream, None)


class _Keeping:
    """Loads streams, those that seldom change once."""

    def __init__(self, log: BlockLog, kept: dict[str, Loaded]) -> None:
        self._log = log
        self._kept = kept

    def load(self, streams: Collection[str]) -> Mapping[str, Loaded]:
        kept = {stream: self._kept[stream] for stream in streams if stream in self._kept}
        if len(kept) == len(streams):
            return kept
        loaded = self._log.load([stream for stream in streams if stream not in kept])
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        self._kept.update((stream, each) for stream, each in loaded.items() if kind_of(stream) in _KEPT_KINDS)
        return {**loaded, **kept}


def _plain(event: Event, now: datetime) -> PlainEvent:
    at = now if event.business_date is None else midnight(event.business_date)
    return PlainEvent(event.stream, event.key, event.type, event.schema_version, at, encode_event(event))


def _answer(
    parts: Sequence[Part], answer: BlockAppended, places: Sequence[int], outcomes: dict[int, FilingOutcome]
) -> None:
    position = answer.first_position
    for part in parts:
        if part.outcome is not None:
            outcomes[places[part.place]] = part.outcome
        else:
            outcomes[places[part.place]] = FilingAccepted(position, position + len(part.events) - 1)
            position += len(part.events)
