"""How entries change the totals by client."""

from collections import defaultdict
from collections.abc import Iterable

from projections.entries import VolumeEntry
from projections.ports import Rows

_ADD = """
INSERT INTO client_volumes AS total (shard, client, exporter, destination, month, measure, element, ng)
SELECT %s, added.* FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                               %s::text[]::numeric[]) AS added
ON CONFLICT ON CONSTRAINT client_volumes_key DO UPDATE SET ng = total.ng + excluded.ng
"""

_Key = tuple[str, str, str | None, str, str, str | None]


def add_to_clients(rows: Rows, shard: int, entries: Iterable[VolumeEntry]) -> None:
    """Add entries to the totals of one shard, each key once, in key order."""
    totals: dict[_Key, int] = defaultdict(int)
    for entry in entries:
        month = entry.month
        for element, ng in entry.ng.items():
            totals[entry.client, entry.exporter, entry.destination, month, entry.measure, element] += ng
    if not totals:
        return
    ordered = sorted(totals, key=lambda key: tuple(part or "" for part in key))
    columns = [list(column) for column in zip(*ordered, strict=True)]
    rows.execute(_ADD, [shard, *columns, [str(totals[key]) for key in ordered]])
