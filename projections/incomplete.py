"""Which parked streams an answer could be missing."""

from collections.abc import Collection

from projections.ports import Rows

# A shipment's stream does not name its exporter; the key that orders it does (client/<uscc>/<ref>).
_PARKED = """
SELECT k.stream, CASE
    WHEN k.key LIKE 'client/%%' THEN split_part(k.key, '/', 2)
    WHEN k.stream LIKE 'exporter/%%' OR k.stream LIKE 'client/%%' OR k.stream LIKE 'sale/%%'
        THEN split_part(k.stream, '/', 2)
    END AS exporter
FROM (
    SELECT p.stream, (SELECT e.key FROM lodestone.events e WHERE e.stream = p.stream LIMIT 1) AS key
    FROM lodestone.parked p WHERE p.unit = %(unit)s AND p.position <= %(position)s AND p.generation = (
        SELECT m.generation FROM lodestone.read_models m WHERE m.unit = %(unit)s)
    GROUP BY p.stream) AS k
ORDER BY k.stream
"""


def incomplete(rows: Rows, unit: str, position: int, exporters: Collection[str] | None) -> tuple[str, ...]:
    """Name the parked streams; of these exporters (USCC) only, where the question is about some.

    A parked stream whose exporter cannot be told is always named.
    """
    found = rows.execute(_PARKED, {"unit": unit, "position": position})
    return tuple(stream for stream, exporter in found if exporters is None or exporter is None or exporter in exporters)
