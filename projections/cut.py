"""Where an answer is cut: the position up to which every partition has applied all that was published to it."""

from projections.ports import Rows

# How many partitions there are stands in the text: a plan for any number of them would be made anew each time.
# A partition with nothing published beyond its own position holds nothing back. A partition without a row has
# applied nothing yet.
_CUT = """
SELECT coalesce((
    SELECT CASE WHEN c.last_position <= reached.position THEN c.last_position ELSE c.first_position - 1 END
    FROM lodestone.commands c WHERE c.command_id = (
        SELECT e.command_id FROM lodestone.events e WHERE e.position <= reached.position
        ORDER BY e.position DESC LIMIT 1)), 0)
FROM (
    SELECT coalesce(
        min(waiting.position) - 1, (SELECT max(n.position) FROM lodestone.publications n WHERE n.topic = %(topic)s), 0)
        AS position
    FROM generate_series(0, {partitions} - 1) AS each (partition)
    LEFT JOIN lodestone.progress p ON p.unit = %(unit)s AND p.partition = each.partition
    CROSS JOIN LATERAL (
        SELECT min(n.position) AS position FROM lodestone.publications n
        WHERE n.topic = %(topic)s AND n.partition = each.partition::smallint
          AND n.position > coalesce(p.last_position, 0)) AS waiting) AS reached
"""
_COMMAND_END = """
SELECT CASE WHEN c.last_position <= %(position)s THEN c.last_position ELSE c.first_position - 1 END
FROM lodestone.commands c WHERE c.command_id = (
    SELECT e.command_id FROM lodestone.events e WHERE e.position <= %(position)s ORDER BY e.position DESC LIMIT 1)
"""


def cut(rows: Rows, unit: str, topic: str, partitions: int) -> int:
    """Give the highest position that a unit can answer at in this snapshot, the last event of a command."""
    found = rows.execute(cut_statement(partitions), {"unit": unit, "topic": topic})
    return int(found[0][0])


def cut_statement(partitions: int) -> str:
    """Give the SELECT of that one value, for ``unit`` and ``topic``."""
    return _CUT.format(partitions=int(partitions))


def command_end(rows: Rows, position: int) -> int:
    """Round a position down to the last event of a command; 0 where no command ends by then."""
    found = rows.execute(_COMMAND_END, {"position": position})
    return int(found[0][0]) if found else 0
