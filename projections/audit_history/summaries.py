"""One line for each event: what changed, in words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain.client.events import ClientDetailsAmended, ClientRegistered, ClientReinstated, ClientSuspended
from domain.event import Event, MovementLine
from domain.exporter.events import ExporterRegistered, ExporterReinstated, ExporterSuspended
from domain.grade.events import GradeDefined, GradeRevised
from domain.mass import format_kg_from_mg
from domain.sale.events import (
    SaleContent,
    SaleCorrected,
    SaleDrawn,
    SaleDrawReleased,
    SaleLineCancelled,
    SaleRecorded,
    SaleVoided,
)
from domain.shipment.events import (
    DeliveryConfirmed,
    ShipmentContent,
    ShipmentCorrected,
    ShipmentExported,
    ShipmentVoided,
)

_CONTROL = dict.fromkeys((*range(32), 127), " ")


def summary_of(event: Event) -> str:
    """Say in one line what the event changed; an event without words of its own is named by its type."""
    words = _WORDS.get(event.type)
    summary = words(event) if words else event.type
    return summary if summary.isprintable() else summary.translate(_CONTROL)


def _exporter_registered(event: ExporterRegistered) -> str:
    return f"exporter registered: {event.names[0] if event.names else event.uscc}, region {event.region}"


def _client_details(event: ClientRegistered | ClientDetailsAmended) -> str:
    known = [f"LEI {event.lei}"] if event.lei else []
    known += [f"registry no. {event.registry_no}"] if event.registry_no else []
    word = "listed" if event.type == ClientRegistered.type else "details amended"
    return ", ".join([f"client {word}: {event.legal_name}, {event.country}, {event.role}", *known])


def _suspended(event: ExporterSuspended | ClientSuspended) -> str:
    return f"suspended: {event.reason}"


def _reinstated(event: ExporterReinstated | ClientReinstated) -> str:
    return f"reinstated: {event.reason}"


def _grade_stated(event: GradeDefined | GradeRevised) -> str:
    shares = ";".join(f"{element}={ppm}" for element, ppm in sorted(event.ppm.items()))
    word = "defined" if event.type == GradeDefined.type else "revised"
    return f"grade {word}: {event.grade} ({event.family}), {shares} ppm from {event.effective_from}"


def _sale_recorded(event: SaleContent) -> str:
    return f"sale of {_kg(event.lines)} kg in {_count(event.lines)} to {event.client}, signed on {event.signed_on}"


def _sale_corrected(event: SaleCorrected) -> str:
    return f"corrected to: {_sale_recorded(event)}{_why(event.reason)}"


def _sale_line_cancelled(event: SaleLineCancelled) -> str:
    return f"{_kg(event.lines)} kg cancelled on {event.cancelled_on} ({event.cancellation_no}): {event.reason}"


def _sale_drawn(event: SaleDrawn) -> str:
    return f"{_kg(event.lines)} kg drawn by declaration {event.declaration_no}"


def _sale_draw_released(event: SaleDrawReleased) -> str:
    return f"{_kg(event.lines)} kg released by declaration {event.declaration_no}"


def _shipment_corrected(event: ShipmentCorrected) -> str:
    return f"corrected to: {_shipment_exported(event)}{_why(event.reason)}"


def _delivery_confirmed(event: DeliveryConfirmed) -> str:
    reasons = sorted({each.reason for each in event.lines if each.reason})
    why = f", {', '.join(reasons)}" if reasons else ""
    return f"{_kg(event.lines)} kg received on {event.received_on}{why}"


def _shipment_exported(event: ShipmentContent) -> str:
    return (
        f"{_kg(event.lines)} kg of contract {event.contract_no} exported to {event.destination} by {event.port}"
        f" on {event.exported_on}, for {event.client}"
    )


def _voided(event: SaleVoided | ShipmentVoided) -> str:
    what = "sale" if event.type == SaleVoided.type else "shipment"
    # By measure: kilograms shipped and kilograms received are never added up.
    lines: dict[str, list[MovementLine]] = {}
    for movement in event.reverses:
        lines.setdefault(movement.measure, []).extend(movement.lines)
    taken_back = " and ".join(f"{_kg(of_measure)} kg {measure}" for measure, of_measure in lines.items())
    return f"{what} voided, {taken_back or 'nothing'} taken back: {event.reason}"


def _why(reason: str | None) -> str:
    return f": {reason}" if reason is not None else " (customs contradicts what was filed)"


def _kg(lines: Iterable[Any]) -> str:
    return format_kg_from_mg(sum(each.net_mg for each in lines))


def _count(lines: tuple[Any, ...]) -> str:
    return "1 line" if len(lines) == 1 else f"{len(lines)} lines"


_WORDS: Mapping[str, Callable[[Any], str]] = {
    ExporterRegistered.type: _exporter_registered,
    ExporterSuspended.type: _suspended,
    ExporterReinstated.type: _reinstated,
    ClientRegistered.type: _client_details,
    ClientDetailsAmended.type: _client_details,
    ClientSuspended.type: _suspended,
    ClientReinstated.type: _reinstated,
    GradeDefined.type: _grade_stated,
    GradeRevised.type: _grade_stated,
    SaleRecorded.type: _sale_recorded,
    SaleCorrected.type: _sale_corrected,
    SaleLineCancelled.type: _sale_line_cancelled,
    SaleVoided.type: _voided,
    SaleDrawn.type: _sale_drawn,
    SaleDrawReleased.type: _sale_draw_released,
    ShipmentExported.type: _shipment_exported,
    ShipmentCorrected.type: _shipment_corrected,
    DeliveryConfirmed.type: _delivery_confirmed,
    ShipmentVoided.type: _voided,
}
