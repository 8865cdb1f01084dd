"""What happened to this exporter, client, sale, shipment or grade, when, by whom, at which position?"""

from collections.abc import Sequence
from typing import Any

from domain.canonical import parse_json
from projections.audit_history.query import AuditRow
from projections.ports import Rows

# The event itself stands in the store alone, and is read in the same snapshot. Canonical JSON has one way to say that
# there are no violations, which no text can hold (its quotes are escaped); only the few others are handed over.
_HISTORY = """
SELECT e.position, e.stream, e.version, e.type, e.occurred_at, e.recorded_at,
       e.actor_name, e.actor_role, e.actor_organisation, a.summary,
       CASE WHEN position('"violations":[]'::bytea IN e.data) = 0 THEN e.data END AS data
FROM (
    SELECT position, min(summary) AS summary FROM audit_entries
    WHERE subject = ANY(%(subjects)s) AND position <= %(position)s GROUP BY position) AS a
JOIN lodestone.events e ON e.position = a.position ORDER BY a.position
"""


def audit(rows: Rows, subjects: Sequence[str], position: int) -> list[AuditRow]:
    """Give everything that touched any of the subjects up to a position, each event once, oldest first."""
    found = rows.execute(_HISTORY, {"subjects": list(subjects), "position": position})
    return [_audit_row(row) for row in found]


def _audit_row(row: tuple[Any, ...]) -> AuditRow:
    position, stream, version, kind, occurred_at, recorded_at, *actor, summary, data = row
    return AuditRow(
        position=position,
        stream=stream,
        version=version,
        type=kind,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        actor=_actor(*actor),
        summary=summary,
        violations=_violations(data),
    )


def _actor(name: str, role: str, organisation: str) -> str:
    return f"{name} ({role}, {organisation})" if organisation else f"{name} ({role})"


def _violations(data: bytes | None) -> tuple[str, ...]:
    return () if data is None else tuple(parse_json(data).get("violations", ()))
