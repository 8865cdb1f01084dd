"""How the words by which streams are found come into the search."""

from collections.abc import Iterator, Mapping, Sequence

from domain.client.events import ClientDetailsAmended, ClientRegistered
from domain.envelope import Envelope
from domain.event import Event
from domain.exporter.events import ExporterRegistered
from domain.shipment.events import ShipmentCorrected, ShipmentExported
from projections.copying import escaped
from projections.ports import Rows
from projections.rows_alone import RowsAlone
from projections.stated import Stated
from projections.stream_search.differences import HELD, STATED

_COLUMNS = ("position", "ordinal", "stream", "attribute", "value", "folded")
_CLIENT = (("name", "legal_name"), ("LEI", "lei"), ("registry", "registry_no"))
_SHIPMENT = (("licence", "licence_no"), ("container", "containers"))

# Event type -> what each searched field is called. A field holds a text, several, or None.
SEARCHED: Mapping[str, Sequence[tuple[str, str]]] = {
    ExporterRegistered.type: (("name", "names"),),
    ClientRegistered.type: _CLIENT,
    ClientDetailsAmended.type: _CLIENT,
    ShipmentExported.type: _SHIPMENT,
    ShipmentCorrected.type: _SHIPMENT,
}


class StreamSearch(RowsAlone):
    """Collects keys, names and numbers; what was once stated stays findable."""

    name: str = "stream_search"
    read_models: Sequence[str] = ("stream_search",)
    folders = ("stream_search",)
    positions = (("search_words", "position"),)

    def stated(self) -> Sequence[Stated]:
        """Give what the events state of it; see ``projections.rebuild``."""
        return STATED

    def held(self) -> Sequence[str]:
        """Give what adds up what its table holds."""
        return HELD

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append the words of these events."""
        found = [
            word_line(envelope, ordinal, attribute, value)
            for envelope, event in self._decoder.events(events)
            if envelope.version == 1 or event.type in SEARCHED
            for ordinal, (attribute, value) in enumerate(words_of(envelope, event))
        ]
        if found:
            rows.copy_text("search_words", _COLUMNS, "".join(found))


def word_line(envelope: Envelope, ordinal: int, attribute: str, value: str) -> str:
    """Give a row, as COPY reads it."""
    stream, folded = escaped(envelope.stream), escaped(value.casefold())
    return f"{envelope.position}\t{ordinal}\t{stream}\t{attribute}\t{escaped(value)}\t{folded}\n"


def words_of(envelope: Envelope, event: Event) -> Iterator[tuple[str, str]]:
    """Give what an event states of its stream; the first event of a stream also gives its key."""
    if envelope.version == 1:
        yield "key", envelope.stream.partition("/")[2]
    for attribute, field in SEARCHED.get(event.type, ()):
        stated = getattr(event, field)
        for value in (stated,) if isinstance(stated, str) else stated or ():
            yield attribute, value
