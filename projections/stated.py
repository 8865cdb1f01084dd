"""An independent total: what the events state, weighed and added up by SQL from their own JSON.

It shares no code with any fold. Every unit is held against sums of weights: each thing that an event states weighs a
64-bit hash of all that is said of it, its position included, times its amount where there is one. Nothing needs to be
joined or sorted for it, and sums that agree by chance are as rare as such hashes. One scan, which reads an event's
JSON once, makes the sums of all units: reading JSON is what costs. Old schema versions would need a line here.

Rows are multiplied in the list of columns, never in FROM: for each call there the server sets up a store of its own.

A sum is named by what is summed and the first of the ``SPAN`` positions that it is about.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

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
            it counts ``by_line``, from these and each ``movement`` that is stated or taken back, with its ``day``.
        by_line: SQL of a line's weight from that of its movement, ``{weight}``, and ``line_no``, ``mg`` (less than
            nothing where it is taken back); empty where the event counts as a whole.
        of_elements: whether a line's weight counts for each element times its ppm, and once for the net mass.
    """

    what: str
    weight: str
    by_line: str = ""
    of_elements: bool = False


def hash_of(seed: str, *texts: str) -> str:
    """Give SQL of a 64-bit hash of several texts, none of them NULL, in order.

    Each hash is the seed of the next: half the work of hashing all of them joined.
    """
    return reduce(lambda hashed, text: f"hashtextextended({text}, {hashed})", texts, seed)


# An event is one row for itself with what it states, and one for each thing that it takes back or states again; of each
# every line is a row. What counts for each element is added up by composition first: an event's elements are many,
# compositions are few.
_PIECES = """
WITH moved AS (
    SELECT (position - 1) / {span} * {span} + 1 AS first, sign, lines, {weights}
    FROM (
        SELECT position, stream, version, type, convert_from(data, 'UTF8')::jsonb AS facts
        FROM lodestone.events WHERE {which} OFFSET 0) AS body
    CROSS JOIN LATERAL (
        SELECT true AS itself, 1 AS sign, facts AS movement, coalesce(facts->>'signed_on', facts->>'exported_on',
               facts->>'cancelled_on', facts->>'received_on') AS day,
               CASE WHEN facts ? 'measure' AND facts->>'client' IS NOT NULL THEN facts->'lines' END AS lines
        UNION ALL
        SELECT false, -1, taken, taken->>'business_date', taken->'lines'
        FROM jsonb_array_elements(facts->'reverses') AS taken WHERE facts ? 'reverses'
        UNION ALL
        SELECT false, 1, again, again->>'business_date', again->'lines'
        FROM jsonb_array_elements(facts->'restated') AS again WHERE facts ? 'restated') AS part
    OFFSET 0
), line AS (
    SELECT first, sign, {names}, generate_series(1, 1) AS once, jsonb_array_elements(lines) AS line FROM moved
), piece AS (
    SELECT first, {names}, once, line->'ppm' AS composition, (line->'line_no')::integer AS line_no,
           sign * (line->'net_mg')::bigint AS mg
    FROM line OFFSET 0
), mixed AS (
    SELECT first, {factor} AS factor, {names} FROM (
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
        weights=", ".join(f"{_of_part(each)} AS {name}" for name, each in named),
        names=", ".join(names),
        added=", ".join(f"sum({_of_piece(each, name)}) AS {name}" for name, each in named),
        sums=", ".join(f"sum({name} * factor)" if each.of_elements else f"sum({name})" for name, each in named),
    )


def _of_part(stated: Stated) -> str:
    return f"CASE WHEN {'lines IS NOT NULL' if stated.by_line else 'itself'} THEN {stated.weight} END"


def _of_piece(stated: Stated, name: str) -> str:
    return stated.by_line.format(weight=name) if stated.by_line else f"CASE WHEN once = 1 THEN {name} END"
