"""Made-up trade of any size: sales, half of them shipped, told as numbers. The same for the same size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from interfaces.generator.firms import ClientRow, ExporterRow, clients, exporters
from interfaces.generator.grades import GradeRow, grade_rows

FIRST_DAY = date(2021, 6, 1)
DAYS = 1_460
# One client in each log buys so much that its trail is long: 5,000 of a million sales.
_BIG_BUYERS_SHARE = 200
_LINES = (1, 1, 1, 2, 2, 3)
_MG_OF_A_GRAM = 1_000
_SEED = 20_250_501


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade that was never revised, so that its composition does not depend on the day."""

    name: str
    ppm: dict[str, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """Who trades in what."""

    exporters: Sequence[ExporterRow]
    clients: Sequence[ClientRow]
    grade_rows: Sequence[GradeRow]

    @property
    def grades(self) -> Sequence[Grade]:
        """Give the grades that deals are made in."""
        names = [row.grade for row in self.grade_rows]
        return [Grade(row.grade, _ppm(row)) for row in self.grade_rows if names.count(row.grade) == 1]


@dataclass(frozen=True, slots=True)
class Deal:
    """A sale, and whether all of it was shipped.

    Attributes:
        number: from 0; the contract and the declaration are numbered by it.
        client: who bought; it names the exporter too.
        signed_on: business date.
        lines: grade and milligrams of each line.
        exported_on: when all of it was shipped, None if it was not.
    """

    number: int
    client: ClientRow
    signed_on: date
    lines: Sequence[tuple[Grade, int]]
    exported_on: date | None

    @property
    def contract_no(self) -> str:
        """Give the contract's number."""
        return f"{self.signed_on.year}/{self.number:07d}"

    @property
    def declaration_no(self) -> str:
        """Give the export declaration's number."""
        return f"{self.signed_on.year}99{self.number:012d}"


def ground(sales: int) -> Ground:
    """Make firms and grades for trade of this size."""
    random = Random(_SEED)
    sellers = exporters(random, max(3, min(40, sales // 400)))
    return Ground(sellers, clients(random, sellers, max(12, min(2_000, sales // 50))), grade_rows())


def deals(ground: Ground, count: int, first: int = 0) -> Iterator[Deal]:
    """Make deals in the order of their signing, beginning with a number; every second one is shipped."""
    random = Random(_SEED + first)
    grades, buyers = ground.grades, ground.clients
    for number in range(first, first + count):
        signed_on = FIRST_DAY + timedelta(days=(number - first) * DAYS // count)
        client = buyers[0] if number % _BIG_BUYERS_SHARE == 0 else random.choice(buyers[1:])
        lines = [
            (random.choice(grades), random.randrange(1_000, 2_000_000) * _MG_OF_A_GRAM)
            for _ in range(random.choice(_LINES))
        ]
        exported_on = signed_on + timedelta(days=random.randrange(3, 60)) if number % 2 == 0 else None
        yield Deal(number, client, signed_on, lines, exported_on)


def _ppm(row: GradeRow) -> dict[str, int]:
    return {element: int(ppm) for element, _, ppm in (part.partition("=") for part in row.composition.split(";"))}
