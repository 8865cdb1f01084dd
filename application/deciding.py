"""Judging one filing on states as they will be once what was decided before it is appended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from application.filing import Filing, FilingKnown, FilingRefused
from application.handlers import handler_of
from application.ports import EventLog
from domain.aggregates import State, evolve
from domain.errors import DomainError
from domain.event import Event
from domain.judging import Source


@dataclass(frozen=True, slots=True)
class Decision:
    """What a filing adds, and on which versions of which streams that rests."""

    events: Sequence[Event]
    guards: Mapping[str, int]


@dataclass(slots=True)
class Overlay:
    """States and versions by stream: as loaded, and as changed by what was decided since."""

    states: dict[str, State] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def load(self, log: EventLog, filings: Collection[Filing]) -> None:
        """Load every stream that these filings need and that is not here yet."""
        while wanted := {stream for filing in filings for stream in self._needs(filing) if stream not in self.states}:
            for stream, loaded in log.load(wanted).items():
                self.states[stream] = loaded.state
                self.versions[stream] = loaded.version

    def decide(self, filing: Filing, today: date, source: Source) -> Decision | FilingKnown | FilingRefused:
        """Judge a filing; nothing changes until what it adds is taken in."""
        try:
            events = handler_of(filing.command).decide(filing.command, self.states, today, source)
        except DomainError as error:
            return FilingRefused(error.code, error.message, error.field, error.line_no, error.text)
        if not events:
            return FilingKnown()
        return Decision(events, {stream: self.versions[stream] for stream in self._needs(filing)})

    def take(self, events: Sequence[Event]) -> None:
        """Take in what a filing adds."""
        for event in events:
            self.states[event.stream] = evolve(self.states[event.stream], event)
            self.versions[event.stream] += 1

    def _needs(self, filing: Filing) -> Collection[str]:
        return handler_of(filing.command).needs(filing.command, self.states)
