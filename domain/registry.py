"""Which event a permanent type name means. Closed: nothing is ever imported by a name read from data."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import ValidationError

from domain.canonical import canonical_json, parse_json
from domain.client.events import ClientDetailsAmended, ClientRegistered, ClientReinstated, ClientSuspended
from domain.errors import DomainError
from domain.event import Event
from domain.exporter.events import ExporterRegistered, ExporterReinstated, ExporterSuspended
from domain.grade.events import GradeDefined, GradeRevised
from domain.sale.events import (
    SaleCorrected,
    SaleDrawn,
    SaleDrawReleased,
    SaleLineCancelled,
    SaleRecorded,
    SaleVoided,
)
from domain.shipment.events import DeliveryConfirmed, ShipmentCorrected, ShipmentExported, ShipmentVoided
from domain.upcasting import UPCASTERS, UpcasterTable, upcast

EVENT_TYPES: Mapping[str, type[Event]] = {
    event.type: event
    for event in (
        ExporterRegistered,
        ExporterSuspended,
        ExporterReinstated,
        ClientRegistered,
        ClientDetailsAmended,
        ClientSuspended,
        ClientReinstated,
        GradeDefined,
        GradeRevised,
        SaleRecorded,
        SaleCorrected,
        SaleLineCancelled,
        SaleVoided,
        SaleDrawn,
        SaleDrawReleased,
        ShipmentExported,
        ShipmentCorrected,
        ShipmentVoided,
        DeliveryConfirmed,
    )
}


class UnknownEventType(DomainError):
    """A type name that is not in the registry."""

    code: ClassVar[str] = "event.unknown_type"


class UnknownSchemaVersion(DomainError):
    """A schema version that is newer than this program, or below 1."""

    code: ClassVar[str] = "event.unknown_version"


class MalformedEvent(DomainError):
    """Data that is not of its type's form."""

    code: ClassVar[str] = "event.malformed"


def encode(event: Event) -> bytes:
    """Write an event's facts as canonical JSON (RFC 8785); every field is written."""
    return canonical_json(event.model_dump(mode="json"))


def decode(type_name: str, schema_version: int, data: bytes, *, upcasters: UpcasterTable = UPCASTERS) -> Event:
    """Read an event's facts, upcasting old schema versions first.

    Raises:
        UnknownEventType: ``event.unknown_type``.
        UnknownSchemaVersion: ``event.unknown_version``.
        MalformedEvent: ``event.malformed``.
    """
    event_class = EVENT_TYPES.get(type_name)
    if event_class is None:
        raise UnknownEventType(f"{type_name!r} is not an event type of this system")
    current = event_class.schema_version
    if not 1 <= schema_version <= current:
        raise UnknownSchemaVersion(f"{type_name} has no schema version {schema_version} here (newest: {current})")
    try:
        if schema_version == current:
            return event_class.model_validate_json(data)
        return event_class.model_validate(upcast(type_name, schema_version, current, parse_json(data), upcasters))
    except (ValidationError, ValueError) as error:
        raise MalformedEvent(f"{type_name} {schema_version}: {error}") from error
