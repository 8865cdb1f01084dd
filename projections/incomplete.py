"""Which parked streams an answer could be missing."""

from collections.abc import Collection

from projections.ports import Rows

# A shipment's stream does not name its exporter; the key that orders it does (client/<uscc>/<ref>).
_PARKED = """
SELECT DISTINCT k.stream, CASE
    WHEN s.key LIKE 'client/%%' THEN split_part(s.key, '/', 2)
    WHEN k.stream LIKE 'exporter/%%' OR k.stream LIKE 'client/%%' OR k.stream LIKE 'sale/%%'
        THEN split_part(k.stream, '/', 2)
    END AS exporter
FROM lodestone.parked k
JOIN lodestone.read_models m ON m.unit = k.unit AND m.generation = k.generation
LEFT JOIN lodestone.streams s ON s.stream = k.stream
WHERE k.unit = %s AND k.position <= %s
ORDER BY k.stream
"""


def incomplete(rows: Rows, unit: str, position: int, exporters: Collection[str] | None) -> tuple[str, ...]:
    """Name the parked streams; of these exporters (USCC) only, where the question is about some.

    A parked stream whose exporter cannot be told is always named.
    """
    found = rows.execute(_PARKED, (unit, position))
    return tuple(stream for stream, exporter in found if exporters is None or exporter is None or exporter in exporters)
