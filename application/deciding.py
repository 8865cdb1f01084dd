"""Judging one filing on states as they will be once what was decided before it is appended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from application.filing import Filing, FilingKnown, FilingRefused
from application.handlers import handler_of
from application.ports import Loaded
from domain.aggregates import STATES, State, evolve
from domain.errors import DomainError
from domain.event import Event
from domain.judging import Source
from domain.registry import EVENT_TYPES, decode

# States never change, so all streams that have not begun can share them.
_BEGINNINGS: Mapping[str, State] = {kind: state() for kind, state in STATES.items()}


class LoadsStreams(Protocol):
    """What ``EventLog`` offers for deciding."""

    def load(self, streams: Collection[str]) -> Mapping[str, Loaded]:
        """Fold each stream into its aggregate; every name asked for is in the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """What a filing adds, and on which versions of which streams that rests."""

    events: Sequence[Event]
    guards: Mapping[str, int]


@dataclass(slots=True)
class Overlay:
    """States and versions by stream: as loaded (``loaded``), and as changed by what was decided since."""

    states: dict[str, State] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    loaded: dict[str, int] = field(default_factory=dict)
    _later: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def load(self, log: LoadsStreams, filings: Collection[Filing], also: Collection[str] = ()) -> None:
        """Load every stream that these filings need and that is not here yet, and others along with them."""
        while wanted := {
            stream for needed in (also, *map(self.needs, filings)) for stream in needed if stream not in self.states
        }:
            for stream, loaded in log.load(wanted).items():
                self.states[stream] = loaded.state
                self.versions[stream] = self.loaded[stream] = loaded.version

    def decide(self, filing: Filing, today: date, source: Source) -> Decision | FilingKnown | FilingRefused:
        """Judge a filing; nothing changes until what it adds is taken in."""
        if self._later:
            self._catch_up(self.needs(filing))
        try:
            events = handler_of(filing.command).decide(filing.command, self.states, today, source)
        except DomainError as error:
            return FilingRefused(error.code, error.message, error.field, error.line_no, error.text)
        if not events:
            return FilingKnown()
        return Decision(events, {stream: self.versions[stream] for stream in self.needs(filing)})

    def take(self, events: Sequence[Event]) -> None:
        """Take in what a filing adds."""
        for event in events:
            self.states[event.stream] = evolve(self.states[event.stream], event)
            self.versions[event.stream] += 1

    def begin(self, kind: str, streams: Collection[str]) -> None:
        """Take streams of a kind for new, until a guard says otherwise."""
        self.states.update(dict.fromkeys(streams, _BEGINNINGS[kind]))
        self.versions.update(dict.fromkeys(streams, 0))
        self.loaded.update(dict.fromkeys(streams, 0))

    def take_later(self, stream: str, event_type: str, data: bytes) -> None:
        """Take in what begins a stream, written already; it is read only if the stream is needed again."""
        self.versions[stream] += 1
        self._later[stream] = (event_type, data)

    def _catch_up(self, streams: Collection[str]) -> None:
        for stream in self._later.keys() & set(streams):
            event_type, data = self._later.pop(stream)
            event = decode(event_type, EVENT_TYPES[event_type].schema_version, data)
            self.states[stream] = evolve(self.states[stream], event)

    def needs(self, filing: Filing) -> Collection[str]:
        """Name the streams that a filing rests on, as far as they are known here."""
        return handler_of(filing.command).needs(filing.command, self.states)
