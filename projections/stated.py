"""An independent total: what the events state, weighed and added up by SQL from their own JSON.

It shares no code with any fold. Every unit is held against sums of weights: each thing that an event states weighs a
64-bit hash of all that is said of it, its position included, times its amount where there is one. Nothing needs to be
joined or sorted for it, and sums that agree by chance are as rare as such hashes. One scan, which reads an event's
JSON once, makes the sums of all units: reading JSON is what costs. Old schema versions would need a line here.

A sum is named by what is summed and the first of the ``SPAN`` positions that it is about.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from projections.ports import Rows

SPAN = 65_536

# (what, first position) -> a sum of weights.
Weights = Counter[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Stated:
    """A sum that a unit's tables must come to.

    Attributes:
        what: names it.
        weight: SQL of each event's weight from ``position``, ``stream``, ``version``, ``type`` and ``facts``; or, where
            it is one ``of_lines``, of the weight of each line of what the event states (``sign`` 1) or takes back (-1):
            also from the ``movement`` with its ``day``, and the ``line``.
        of_lines: whether it is.
        of_elements: whether it counts for each element times its nanograms, and once for the net mass.
    """

    what: str
    weight: str
    of_lines: bool = False
    of_elements: bool = False


# An event is one row without a sign for itself, and one for each line of what it states and takes back. What counts for
# each element is added up by composition first: an event's elements are many, compositions are few.
_PIECES = """
WITH piece AS (
    SELECT (position - 1) / {span} * {span} + 1 AS first, line->'ppm' AS composition, {weights}
    FROM (
        SELECT position, stream, version, type, convert_from(data, 'UTF8')::jsonb AS facts
        FROM lodestone.events WHERE {which} OFFSET 0) AS body
    CROSS JOIN LATERAL (
        SELECT NULL::integer AS sign, NULL::jsonb AS movement, NULL AS day, NULL::jsonb AS line
        UNION ALL
        SELECT 1, facts, coalesce(facts->>'signed_on', facts->>'exported_on', facts->>'cancelled_on',
               facts->>'received_on'), line
        FROM jsonb_array_elements(facts->'lines') AS line WHERE facts ? 'measure' AND facts->>'client' IS NOT NULL
        UNION ALL
        SELECT part.sign, part.movement, part.movement->>'business_date', line
        FROM (
            SELECT -1 AS sign, taken AS movement FROM jsonb_array_elements(facts->'reverses') AS taken
            WHERE facts ? 'reverses'
            UNION ALL
            SELECT 1, again FROM jsonb_array_elements(facts->'restated') AS again WHERE facts ? 'restated') AS part
        CROSS JOIN LATERAL jsonb_array_elements(part.movement->'lines') AS line) AS part
), mixed AS (
    SELECT first, {factor} AS factor, {mixed} FROM (
        SELECT first, composition, {added} FROM piece GROUP BY first, composition) AS by_composition
)
SELECT first, {sums} FROM mixed GROUP BY first
"""
_FACTOR = """
1000000 * hashtextextended('-', 0)::numeric + coalesce((
    SELECT sum(ppm::numeric * hashtextextended(element, 0))
    FROM jsonb_each_text(composition) AS share (element, ppm)), 0)
"""
# Groups are hashed: they are few, which the planner cannot know, and sorting all that is added up costs half as much
# again.
_PLAN = ("SET LOCAL enable_sort = off", "SET LOCAL work_mem = '64MB'")
_OF_RANGE = "position > %(after)s AND position <= %(until)s AND position <> ALL(%(without)s::bigint[])"
_OF_EVENTS = "position = ANY(%(positions)s::bigint[])"


def stated_in_range(rows: Rows, sums: Iterable[Stated], after: int, until: int, without: Collection[int]) -> Weights:
    """Add up what the events of a range state.

    Args:
        rows: in a transaction.
        sums: which.
        after: the range begins behind it.
        until: its last position.
        without: positions that are left out; their JSON is not read.
    """
    return _stated(rows, sums, _OF_RANGE, {"after": after, "until": until, "without": sorted(without)})


def stated_by(rows: Rows, sums: Iterable[Stated], positions: Sequence[int]) -> Weights:
    """Add up what some events state."""
    return _stated(rows, sums, _OF_EVENTS, {"positions": list(positions)})


def held_in(rows: Rows, statements: Iterable[str]) -> Weights:
    """Add up what tables hold; see ``projections.rebuild``."""
    weights: Weights = Counter()
    for statement in statements:
        for what, first, weight in rows.execute(statement):
            weights[what, first] += int(weight)
    return weights


def _stated(rows: Rows, sums: Iterable[Stated], which: str, parameters: dict[str, object]) -> Weights:
    known = list({each.what: each for each in sums}.values())
    for statement in _PLAN:
        rows.execute(statement)
    return Counter(
        {
            (each.what, first): int(weight or 0)
            for first, *weights in rows.execute(_statement(known, which), parameters)
            for each, weight in zip(known, weights, strict=True)
        }
    )


def _statement(sums: Sequence[Stated], which: str) -> str:
    names = [f"sum_{number}" for number in range(len(sums))]
    named = list(zip(names, sums, strict=True))
    return _PIECES.format(
        span=SPAN,
        which=which,
        factor=_FACTOR,
        weights=", ".join(f"{_of_piece(each)} AS {name}" for name, each in named),
        added=", ".join(f"sum({name}) AS {name}" for name in names),
        mixed=", ".join(names),
        sums=", ".join(f"sum({name} * factor)" if each.of_elements else f"sum({name})" for name, each in named),
    )


def _of_piece(stated: Stated) -> str:
    weight = f"sign * (line->'net_mg')::numeric * {stated.weight}" if stated.of_elements else stated.weight
    return f"CASE WHEN sign IS {'NOT NULL' if stated.of_lines else 'NULL'} THEN {weight} END"
