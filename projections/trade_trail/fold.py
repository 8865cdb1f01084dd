"""How sales and shipments come into the trail. Draws write nothing here: shipments speak for themselves."""

from collections.abc import Iterator, Sequence
from typing import cast

from domain.client.events import ClientRegistered
from domain.envelope import Envelope
from domain.event import Event, Movement
from domain.exporter.events import ExporterRegistered
from domain.shipment.events import DeliveryConfirmed, ShipmentVoided
from domain.streams import kind_of, sale_stream
from projections.client_party.differences import HELD as PARTIES_HELD
from projections.client_party.differences import STATED as PARTIES_STATED
from projections.client_party.fold import DETAILS, append_parties
from projections.copying import NULL, escaped, text_array
from projections.entries import signed_movements
from projections.ports import Rows
from projections.rows_alone import RowsAlone
from projections.stated import Stated
from projections.trade_trail.differences import HELD, STATED

_STEP_COLUMNS = (
    *("position", "net_mg", "business_date", "ordinal", "ordinary", "measure", "client", "sale", "shipment"),
    *("line_nos", "line_mg", "reasons"),
)
_LABEL_COLUMNS = ("stream", "from_position", "label")


class TradeTrail(RowsAlone):
    """Folds who sold what to whom."""

    name: str = "trade_trail"
    read_models: Sequence[str] = ("trade_trail",)
    folders = ("trade_trail", "client_party")
    positions = (("trail_steps", "position"), ("trail_labels", "from_position"), ("client_party", "from_position"))

    def stated(self) -> Sequence[Stated]:
        """Give what the events state of it; see ``projections.rebuild``."""
        return (*STATED, *PARTIES_STATED)

    def held(self) -> Sequence[str]:
        """Give what adds up what its tables hold."""
        return (*HELD, *PARTIES_HELD)

    def apply(self, rows: Rows, events: Sequence[Envelope]) -> None:
        """Append the steps and labels of these events."""
        decoded = self._decoder.events(events)
        append_parties(rows, decoded)
        steps = [line for envelope, event in decoded for line in step_lines(envelope, event)]
        labels = [
            (envelope.stream, envelope.position, label)
            for envelope, event in decoded
            if (label := label_of(event)) is not None
        ]
        if steps:
            rows.copy_text("trail_steps", _STEP_COLUMNS, "".join(steps))
        if labels:
            rows.copy("trail_labels", _LABEL_COLUMNS, labels)


def step_lines(envelope: Envelope, event: Event) -> Iterator[str]:
    """Give a signed step, in milligrams, for each thing that the event states or takes back, as COPY reads it."""
    shipment = escaped(envelope.stream) if kind_of(envelope.stream) == "shipment" else NULL
    ordinary = "f" if event.violations or getattr(event, "reverses", ()) else "t"
    for ordinal, (sign, movement) in enumerate(signed_movements(event)):
        masses = [sign * line.net_mg for line in movement.lines]
        numbers = [str(line.line_no) for line in movement.lines]
        yield (
            f"{envelope.position}\t{sum(masses)}\t{movement.business_date}\t{ordinal}\t{ordinary}\t{movement.measure}"
            f"\t{escaped(movement.client)}\t{escaped(sale_stream(movement.exporter, movement.contract_no))}\t{shipment}"
            f"\t{{{','.join(numbers)}}}\t{{{','.join(map(str, masses))}}}\t{_reasons(event, sign, movement)}\n"
        )


def _reasons(event: Event, sign: int, movement: Movement) -> str:
    if event.type == DeliveryConfirmed.type and sign > 0:
        return text_array(line.reason or "" for line in cast("DeliveryConfirmed", event).lines)
    # What is voided explains nothing any more, should customs report the shipment again.
    return text_array("" for _ in movement.lines) if event.type == ShipmentVoided.type else NULL


def label_of(event: Event) -> str | None:
    """Give what a stream is called by this event, or None where its key says enough."""
    if event.type == ExporterRegistered.type:
        names = cast("ExporterRegistered", event).names
        return names[0] if names else None
    return cast("ClientRegistered", event).legal_name if event.type in DETAILS else None
