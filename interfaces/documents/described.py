"""What the fields of an event mean, from the docstrings of its class."""

import re
from collections.abc import Mapping
from inspect import getdoc
from itertools import takewhile

from domain.client.events import ClientDetailsAmended, ClientRegistered, ClientReinstated, ClientSuspended
from domain.event import Event, Frozen, Movement, MovementLine
from domain.exporter.events import ExporterReinstated, ExporterSuspended
from domain.grade.events import GradeDefined, GradeRevised
from domain.sale.events import (
    DrawnLine,
    SaleCorrected,
    SaleDrawn,
    SaleDrawReleased,
    SaleLine,
    SaleLineCancelled,
    SaleRecorded,
    SaleVoided,
)
from domain.shipment.events import (
    DeliveryConfirmed,
    ReceivedLine,
    ShipmentCorrected,
    ShipmentExported,
    ShipmentLine,
    ShipmentVoided,
)

_FIELD = re.compile(r"^    (\w+): (.*)$")
_MORE = re.compile(r"^        (.*)$")
_VIOLATIONS = "codes of the rules that the fact breaks, where customs reported it; else empty."

# Whose words a class uses for what it does not describe itself.
_AS_FOR: Mapping[type[Frozen], type[Frozen]] = {
    ExporterReinstated: ExporterSuspended,
    ClientDetailsAmended: ClientRegistered,
    ClientReinstated: ClientSuspended,
    GradeRevised: GradeDefined,
    SaleCorrected: SaleRecorded,
    SaleVoided: SaleRecorded,
    SaleLineCancelled: SaleRecorded,
    SaleDrawn: SaleRecorded,
    SaleDrawReleased: SaleRecorded,
    ShipmentCorrected: ShipmentExported,
    ShipmentVoided: ShipmentExported,
    DeliveryConfirmed: ShipmentExported,
    ReceivedLine: MovementLine,
}
# The parts of events, in the order in which the page shows them.
PARTS: tuple[type[Frozen], ...] = (SaleLine, ShipmentLine, ReceivedLine, DrawnLine, Movement, MovementLine)


def summary(model: type[Frozen]) -> str:
    """Give the first paragraph of a class's docstring, on one line."""
    lines = (getdoc(model) or "").splitlines()
    return " ".join(takewhile(lambda line: line.strip(), lines))


def descriptions(model: type[Frozen]) -> Mapping[str, str]:
    """Give what each field of a class means."""
    own = _attributes(model)
    other = descriptions(_AS_FOR[model]) if model in _AS_FOR else {}
    known = {**other, **{name: text for name, text in own.items() if not text.startswith("as for")}}
    if issubclass(model, Event):
        known["violations"] = _VIOLATIONS
    return {name: known[name] for name in model.model_fields if name in known}


def _attributes(model: type[Frozen]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    lines = iter((getdoc(model) or "").splitlines())
    for line in lines:
        if line == "Attributes:":
            break
    for line in lines:
        if field := _FIELD.match(line):
            name = field[1]
            found[name] = field[2]
        elif name and (more := _MORE.match(line)):
            found[name] += f" {more[1]}"
    return found
