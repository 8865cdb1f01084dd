"""Filing block by block: one read and one append for many filings, the same answers as one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from application.deciding import Decision, Overlay
from application.filing import Filing, FilingAccepted, FilingKnown, FilingOutcome, FilingRefused
from application.ports import Accepted, Clock, Conflict, EventLog, EventTooLarge, Ids, NewEvent, Outcome, Submission
from domain.calendar import business_day_of, midnight
from domain.envelope import Actor
from domain.event import Event
from domain.judging import Source

MAX_ATTEMPTS = 50


class TooManyConflicts(Exception):
    """Others changed the same streams again and again. ``filing.contended``; file again."""

    code = "filing.contended"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who files, in which capacity, as part of which job."""

    actor: Actor
    source: Source
    correlation_id: UUID


@dataclass(slots=True)
class _Round:
    """One pass over filings that are still open: what is submitted and what is answered."""

    submitted: list[tuple[int, Submission]] = field(default_factory=list)
    refused: dict[int, FilingOutcome] = field(default_factory=dict)


class Importer:
    """Files blocks of filings.

    Guarantees: outcomes are those of filing one by one, in the order given; each filing is appended whole or
    not at all; filing anything again adds nothing.
    """

    def __init__(self, log: EventLog, clock: Clock, ids: Ids, provenance: Provenance) -> None:
        self._log = log
        self._clock = clock
        self._ids = ids
        self._provenance = provenance

    def file(self, filings: Sequence[Filing]) -> Sequence[FilingOutcome]:
        """File a block; one outcome for each filing, in order.

        Raises:
            StoreUnavailable: ``store.unavailable``; file the block again.
            TooManyConflicts: ``filing.contended``; file the block again.
        """
        command_ids = [each.command_id(self._provenance.source) for each in filings]
        known = self._log.known(command_ids)
        outcomes: dict[int, FilingOutcome] = {
            place: FilingKnown() for place, command_id in enumerate(command_ids) if command_id in known
        }
        pending = [place for place in range(len(filings)) if place not in outcomes]
        for _ in range(MAX_ATTEMPTS):
            if not pending:
                return [outcomes[place] for place in range(len(filings))]
            pending = self._attempt(filings, command_ids, pending, outcomes)
        raise TooManyConflicts("the same streams keep being changed by others; file again")

    def _attempt(
        self,
        filings: Sequence[Filing],
        command_ids: Sequence[UUID],
        pending: Sequence[int],
        outcomes: dict[int, FilingOutcome],
    ) -> list[int]:
        turn = self._decide(filings, command_ids, pending)
        appended = self._append(turn.submitted)
        conflicted = [place for place, outcome in appended.items() if isinstance(outcome, Conflict)]
        for place, outcome in appended.items():
            if isinstance(outcome, FilingRefused):
                outcomes[place] = outcome
            elif not isinstance(outcome, Conflict):
                outcomes[place] = _answer(outcome)
        if conflicted:
            # What was refused or found known rests on decisions that did not come to pass: judge it again.
            return sorted([*conflicted, *turn.refused])
        outcomes.update(turn.refused)
        return []

    def _decide(self, filings: Sequence[Filing], command_ids: Sequence[UUID], pending: Sequence[int]) -> _Round:
        now = self._clock.now()
        overlay = Overlay()
        overlay.load(self._log, [filings[place] for place in pending])
        turn = _Round()
        for place in pending:
            decision = overlay.decide(filings[place], business_day_of(now), self._provenance.source)
            if isinstance(decision, Decision):
                turn.submitted.append((place, self._submission(command_ids[place], decision, now)))
                overlay.take(decision.events)
            else:
                turn.refused[place] = decision
        return turn

    def _append(self, submitted: Sequence[tuple[int, Submission]]) -> dict[int, Outcome | FilingRefused]:
        try:
            outcomes = self._log.append([submission for _, submission in submitted])
        except EventTooLarge as error:
            if len(submitted) == 1:
                return {submitted[0][0]: FilingRefused(error.code, str(error), None, None)}
            # One of them is too large, and nothing was appended: let each answer for itself.
            return {place: answer for each in submitted for place, answer in self._append([each]).items()}
        return {place: outcome for (place, _), outcome in zip(submitted, outcomes, strict=True)}

    def _submission(self, command_id: UUID, decision: Decision, now: datetime) -> Submission:
        return Submission(
            command_id=command_id,
            actor=self._provenance.actor,
            correlation_id=self._provenance.correlation_id,
            causation_id=None,
            guards=decision.guards,
            events=[NewEvent(self._ids.event_id(), each, _occurred_at(each, now)) for each in decision.events],
        )


def _occurred_at(event: Event, now: datetime) -> datetime:
    return now if event.business_date is None else midnight(event.business_date)


def _answer(outcome: Outcome) -> FilingOutcome:
    if isinstance(outcome, Accepted):
        return FilingAccepted(outcome.first_position, outcome.last_position)
    return FilingKnown()
