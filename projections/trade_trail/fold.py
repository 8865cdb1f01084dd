"""How sales and shipments come into the trail. Draws write nothing here: shipments speak for themselves."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from domain.client.events import ClientRegistered
from domain.envelope import Envelope
from domain.event import Event
from domain.exporter.events import ExporterRegistered
from domain.shipment.events import DeliveryConfirmed
from domain.streams import exporter_stream, kind_of, sale_stream
from projections.client_party.differences import DIFFERENCES as PARTY_DIFFERENCES
from projections.client_party.fold import DETAILS, append_parties
from projections.ddl import tables_of
from projections.decoding import Decoder
from projections.entries import signed_movements
from projections.ports import Rows
from projections.trade_trail.differences import DIFFERENCES

_STEP_COLUMNS = (
    *("position", "ordinal", "line_no", "measure", "business_date", "exporter", "client", "sale", "shipment"),
    *("net_mg", "reason"),
)
_LABEL_COLUMNS = ("stream", "from_position", "label")

Step = tuple[int, int, int, str, date, str, str, str, str | None, int, str | None]


class TradeTrail:
    """Folds who sold what to whom."""

    name: str = "trade_trail"
    read_models: Sequence[str] = ("trade_trail",)

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def tables(self) -> str:
        """Give the DDL of the unit."""
        return tables_of(*self.read_models, "client_party")

    def differences(self) -> Sequence[str]:
        """Give the questions that must find nothing; see ``projections.rebuild``."""
        return (*DIFFERENCES, *PARTY_DIFFERENCES)

    def check(self, event: Envelope) -> None:
        """Raise ``Unprojectable`` if this event can never be folded."""
        self._decoder.event(event)

    def apply(self, rows: Rows, shard: int, events: Sequence[Envelope]) -> None:  # noqa: ARG002 - rows are only ever added, so writers never meet
        """Append the steps and labels of these events."""
        decoded = self._decoder.events(events)
        append_parties(rows, decoded)
        steps = [step for envelope, event in decoded for step in steps_of(envelope, event)]
        labels = [
            (envelope.stream, envelope.position, label)
            for envelope, event in decoded
            if (label := label_of(event)) is not None
        ]
        if steps:
            rows.copy("trail_steps", _STEP_COLUMNS, steps)
        if labels:
            rows.copy("trail_labels", _LABEL_COLUMNS, labels)


def steps_of(envelope: Envelope, event: Event) -> Iterator[Step]:
    """Give a signed step, in milligrams, for each line of what the event states or takes back."""
    shipment = envelope.stream if kind_of(envelope.stream) == "shipment" else None
    reasons = _reasons(event)
    for ordinal, (sign, movement) in enumerate(signed_movements(event)):
        sale = sale_stream(movement.exporter, movement.contract_no)
        for line in movement.lines:
            yield (
                envelope.position,
                ordinal,
                line.line_no,
                movement.measure,
                movement.business_date,
                exporter_stream(movement.exporter),
                movement.client,
                sale,
                shipment,
                sign * line.net_mg,
                reasons.get(line.line_no) if sign > 0 else None,
            )


def _reasons(event: Event) -> dict[int, str]:
    if event.type == DeliveryConfirmed.type:
        return {line.line_no: line.reason or "" for line in cast("DeliveryConfirmed", event).lines}
    return {}


def label_of(event: Event) -> str | None:
    """Give what a stream is called by this event, or None where its key says enough."""
    if event.type == ExporterRegistered.type:
        names = cast("ExporterRegistered", event).names
        return names[0] if names else None
    return cast("ClientRegistered", event).legal_name if event.type in DETAILS else None
