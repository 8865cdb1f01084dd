"""How sales and shipments come into the trail. Draws write nothing here: shipments speak for themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from domain.client.events import ClientRegistered
from domain.envelope import Envelope
from domain.event import Event
from domain.exporter.events import ExporterRegistered
from domain.shipment.events import DeliveryConfirmed, ShipmentVoided
from domain.streams import exporter_stream, kind_of, sale_stream
from projections.client_party.differences import DIFFERENCES as PARTY_DIFFERENCES
from projections.client_party.fold import DETAILS, append_parties
from projections.copying import NULL, escaped
from projections.entries import signed_movements
from projections.ports import Rows
from projections.rows_alone import RowsAlone
from projections.trade_trail.differences import DIFFERENCES

_STEP_COLUMNS = (
    *("position", "ordinal", "line_no", "measure", "business_date", "exporter", "client", "sale", "shipment"),
    *("net_mg", "reason"),
)
_NO_REASONS: Mapping[int, str] = {}
_LABEL_COLUMNS = ("stream", "from_position", "label")


class TradeTrail(RowsAlone):
    """Folds who sold what to whom."""

    name: str = "trade_trail"
    read_models: Sequence[str] = ("trade_trail",)
    folders = ("trade_trail", "client_party")
    positions = (("trail_steps", "position"), ("trail_labels", "from_position"), ("client_party", "from_position"))

    def differences(self) -> Sequence[str]:
        """Give the questions that must find nothing; see ``projections.rebuild``."""
        return (*DIFFERENCES, *PARTY_DIFFERENCES)

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
    """Give a signed step, in milligrams, for each line of what the event states or takes back, as COPY reads it."""
    shipment = escaped(envelope.stream) if kind_of(envelope.stream) == "shipment" else NULL
    reasons = _reasons(event)
    # What is voided explains nothing any more, should customs report the shipment again.
    taken_back = "" if event.type == ShipmentVoided.type else NULL
    for ordinal, (sign, movement) in enumerate(signed_movements(event)):
        before = f"{envelope.position}\t{ordinal}\t"
        exporter = movement.exporter
        after = (
            f"\t{movement.measure}\t{movement.business_date}\t{exporter_stream(exporter)}\t{escaped(movement.client)}"
            f"\t{escaped(sale_stream(exporter, movement.contract_no))}\t{shipment}\t"
        )
        for line in movement.lines:
            reason = reasons.get(line.line_no, NULL) if sign > 0 else taken_back
            yield f"{before}{line.line_no}{after}{sign * line.net_mg}\t{reason}\n"


def _reasons(event: Event) -> Mapping[int, str]:
    # One of a few words, or empty: nothing to escape.
    if event.type == DeliveryConfirmed.type:
        return {line.line_no: line.reason or "" for line in cast("DeliveryConfirmed", event).lines}
    return _NO_REASONS


def label_of(event: Event) -> str | None:
    """Give what a stream is called by this event, or None where its key says enough."""
    if event.type == ExporterRegistered.type:
        names = cast("ExporterRegistered", event).names
        return names[0] if names else None
    return cast("ClientRegistered", event).legal_name if event.type in DETAILS else None
