"""Who and what a sale or a shipment relies on, as read beside its own stream."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.client.state import Client
from domain.exporter.state import Exporter
from domain.grade.state import Grade


@dataclass(frozen=True, slots=True)
class Parties:
    """The exporter, the client and the grades that a filing names; initial states where unknown."""

    exporter: Exporter
    client: Client
    grades: Mapping[str, Grade]
