"""Judging filings without filing them: what an import would say."""

from collections.abc import Sequence
from uuid import UUID

from application.deciding import Decision, Overlay
from application.filing import Filing, FilingAcceptable, FilingKnown, FilingOutcome, FilingRefused
from application.ports import MAX_DATA_BYTES, Clock, EventLog, EventTooLarge
from domain.calendar import business_day_of
from domain.judging import Source
from domain.registry import encode


class Checker:
    """Judges filings one after another, each as if those before it had been filed. Records nothing.

    Keeps the state of every stream that was touched, so memory grows with what is checked.
    """

    def __init__(self, log: EventLog, clock: Clock, source: Source) -> None:
        self._log = log
        self._clock = clock
        self._source = source
        self._overlay = Overlay()
        self._accepted: set[UUID] = set()

    def file(self, filings: Sequence[Filing]) -> Sequence[FilingOutcome]:
        """Judge a block; one outcome for each filing, in order.

        Raises:
            StoreUnavailable: ``store.unavailable``.
        """
        command_ids = [each.command_id(self._source) for each in filings]
        known = self._log.known(command_ids)
        self._overlay.load(self._log, filings)
        return [
            FilingKnown() if command_id in known else self._judge(filing, command_id)
            for filing, command_id in zip(filings, command_ids, strict=True)
        ]

    def _judge(self, filing: Filing, command_id: UUID) -> FilingOutcome:
        if command_id in self._accepted:
            return FilingKnown()
        decision = self._overlay.decide(filing, business_day_of(self._clock.now()), self._source)
        if not isinstance(decision, Decision):
            return decision
        if any(len(encode(event)) > MAX_DATA_BYTES for event in decision.events):
            return FilingRefused(EventTooLarge.code, "an event exceeds 4 MiB; file it in parts", None, None)
        self._overlay.take(decision.events)
        self._accepted.add(command_id)
        return FilingAcceptable()
