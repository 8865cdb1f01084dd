"""Every kind of filing, in the order in which a folder is imported: each stands behind what it relies on."""

from collections.abc import Mapping

from interfaces.cli.formats.kind import Kind
from interfaces.cli.formats.party_kinds import CLIENT_AMENDMENTS, CLIENTS, EXPORTERS, GRADES, STANDINGS
from interfaces.cli.formats.trade_kinds import (
    CANCELLATIONS,
    DELIVERIES,
    SALE_CORRECTIONS,
    SALES,
    SHIPMENT_CORRECTIONS,
    SHIPMENTS,
    VOIDS,
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        EXPORTERS,
        GRADES,
        CLIENTS,
        CLIENT_AMENDMENTS,
        SALES,
        SHIPMENTS,
        DELIVERIES,
        CANCELLATIONS,
        SALE_CORRECTIONS,
        SHIPMENT_CORRECTIONS,
        VOIDS,
        STANDINGS,
    )
}
