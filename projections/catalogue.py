"""Every read-model unit by its name: an explicit table."""

from collections.abc import Mapping

from projections.audit_history.fold import AuditHistory
from projections.decoding import Decoder
from projections.rebuild import CheckedProjection
from projections.stream_search.fold import StreamSearch
from projections.trade_trail.fold import TradeTrail
from projections.volumes import Volumes

# The one unit with totals, which are settled.
VOLUMES = Volumes.name


def catalogue() -> Mapping[str, CheckedProjection]:
    """Make every unit, in a fixed order; they share one decoder, so that an event is decoded once a process."""
    decoder = Decoder()
    units: tuple[CheckedProjection, ...] = (
        Volumes(decoder),
        AuditHistory(decoder),
        TradeTrail(decoder),
        StreamSearch(decoder),
    )
    return {unit.name: unit for unit in units}
