"""What happened to this exporter, client, sale, shipment or grade, when, by whom, at which position?"""

from collections.abc import Sequence
from typing import Any

from projections.audit_history.query import AuditRow
from projections.audit_history.summaries import summary_of
from projections.decoding import EventReader
from projections.ports import Rows

# The events themselves stand in the store alone, and are read in the same snapshot. What is parked has not happened
# yet, as far as answers go: it is in no link, and left out of the subject's own stream.
_HISTORY = """
SELECT e.position, e.stream, e.version, e.type, e.occurred_at, e.recorded_at,
       e.actor_name, e.actor_role, e.actor_organisation, e.schema_version, e.data
FROM (
    SELECT linked.position FROM audit_links l CROSS JOIN LATERAL unnest(l.positions) AS linked (position)
    WHERE l.subject = ANY(%(subjects)s) AND l.first_position <= %(position)s
    UNION
    SELECT own.position FROM lodestone.events own
    WHERE own.stream = ANY(%(subjects)s) AND NOT EXISTS (
        SELECT FROM lodestone.parked p
        WHERE p.unit = 'audit_history' AND p.stream = own.stream AND p.position = own.position AND p.generation = (
            SELECT m.generation FROM lodestone.read_models m WHERE m.unit = 'audit_history'))
) AS touched JOIN lodestone.events e ON e.position = touched.position
WHERE touched.position <= %(position)s ORDER BY e.position
"""


def audit(rows: Rows, reader: EventReader, subjects: Sequence[str], position: int) -> list[AuditRow]:
    """Give everything that touched any of the subjects up to a position, each event once, oldest first."""
    found = rows.execute(_HISTORY, {"subjects": list(subjects), "position": position})
    return [_audit_row(reader, row) for row in found]


def _audit_row(reader: EventReader, row: tuple[Any, ...]) -> AuditRow:
    position, stream, version, kind, occurred_at, recorded_at, *actor, schema_version, data = row
    event = reader.read(kind, schema_version, data)
    return AuditRow(
        position=position,
        stream=stream,
        version=version,
        type=kind,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        actor=_actor(*actor),
        summary=summary_of(event),
        violations=event.violations,
    )


def _actor(name: str, role: str, organisation: str) -> str:
    return f"{name} ({role}, {organisation})" if organisation else f"{name} ({role})"
